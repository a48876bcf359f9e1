PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
    "Timestamp" TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "migration_id" TEXT NOT NULL CONSTRAINT "pk___ef_migrations_history" PRIMARY KEY,
    "product_version" TEXT NOT NULL
);
INSERT INTO __EFMigrationsHistory VALUES('20261123214336_Initial','10.0.15');
INSERT INTO __EFMigrationsHistory VALUES('20261124134812_Deletion','10.0.15');
CREATE TABLE IF NOT EXISTS "name_holds" (
    "name" TEXT NOT NULL CONSTRAINT "pk_name_holds" PRIMARY KEY,
    "holder_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "until" INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS "stacks" (
    "id" TEXT NOT NULL CONSTRAINT "pk_stacks" PRIMARY KEY,
    "name" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "url" TEXT NOT NULL,
    "terminal_path" TEXT NULL,
    "image" TEXT NOT NULL,
    "user_name" TEXT NOT NULL,
    "protected_password" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "ready_at" INTEGER NULL,
    "failed_at" INTEGER NULL,
    "released_at" INTEGER NULL,
    "terminal_answers" INTEGER NULL,
    "last_deployment_id" TEXT NOT NULL,
    "project_id" TEXT NULL,
    "environment_id" TEXT NULL,
    "application_id" TEXT NULL,
    "app_name" TEXT NULL,
    "domain_id" TEXT NULL,
    "version" INTEGER NOT NULL
);
INSERT INTO stacks VALUES('stk_1795541251794_bh3jz4d2','piet-lab','usr_rc8m8dc9p6hftzb54hxs',1795541251793,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8NVieWs3TKxDgfa9Xn5ncs6Ed0dGTr3k3fHdaltHVFY2YaRcWmP1CuV3LLNFjf6pv3JW8d9eAtap4nJOtqr19MHiWGNAreeNWq2vm14XMhaG9RiplZU-BfofwMGGNQdKMgcXAMGORMZzpgQEmtL-n5o','Ready',1795541252923,NULL,NULL,1,'dep_1795541251794_xgxq6k68','T6a3qQMkqIZk_sMVRCIZ4','0M-rrH4ebQ1cdEatI-fJX','RmffuL5WRBHNy7Wu_MI_t','ai-stack-piet-lab-qbs31j','jnGS6bW0bpCaXplELHck8',4);
INSERT INTO stacks VALUES('stk_1795541252271_fhmhjcsq','noor-lab','usr_rc8m8dc9p6hftzb54hxs',1795541252271,'http://noor-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8NVieWs3TKxDgfa9Xn5ncs46Sm-c-KgwQQnRo6SWQsqWVnuri55kk8tsJZpl1Azwlv4wV_uIbeVZTCkM_o7doI8vx4rLBP4tOn1I84BIrT5AtnV0ePpLghr0yemtLd6EMnHxf4SjtHqpgijAGl9Rbt4','Deleting',1795541252925,NULL,NULL,1,'dep_1795541253322_d2k4m6p8','GweFVy9f-EigqrsLWKYrE','KfclTJgQ258UfRAixTvN6','IQ3G7ZLGRx6icvqYzQc8o','ai-stack-noor-lab-mo8f4a','0b00f1CUwJXD0NMZSgzog',5);
INSERT INTO stacks VALUES('stk_1795541281376_g4dkwdnj','design-lab','usr_rc8m8dc9p6hftzb54hxs',1795541281376,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8NVieWs3TKxDgfa9Xn5ncs4uCp7PgwPSrhSqFuDxAMkvy-wjfqB2-IhyLmALtHD-jm_aEv_EdDuUHN_WQPU-r3PByVygZEoayRZJ9dbnaZMj4NF0Cny74Y4-BSqhQkRDKrfi4j_Ur3AUUO1nvrbTxsI','Creating',NULL,NULL,NULL,NULL,'dep_1795541281376_wx8w3nx8','-EkQDUk_zySM3_D7qZfhM','-Cwmu5mBkz96UqGFOChxm','ZB-EOs2Xo0sEmBwx8PA65','ai-stack-design-lab-pmq5ep',NULL,2);
CREATE TABLE IF NOT EXISTS "deployments" (
    "id" TEXT NOT NULL CONSTRAINT "pk_deployments" PRIMARY KEY,
    "stack_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "trace_id" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    "current_step" TEXT NOT NULL,
    "progress" INTEGER NOT NULL,
    "run" INTEGER NOT NULL,
    "started_at" INTEGER NULL,
    "finished_at" INTEGER NULL,
    "cancel_requested_at" INTEGER NULL,
    "failure" TEXT NULL,
    "place_in_dokploy" INTEGER NULL,
    "deploy_attempts" INTEGER NOT NULL,
    "touched_dokploy" INTEGER NOT NULL,
    "last_sequence" INTEGER NOT NULL,
    "version" INTEGER NOT NULL, "is_paused" INTEGER NOT NULL DEFAULT 0, "kept_volumes" TEXT NULL, "kind" TEXT NOT NULL DEFAULT 'Deploy',
    CONSTRAINT "fk_deployments_stacks_stack_id" FOREIGN KEY ("stack_id") REFERENCES "stacks" ("id") ON DELETE CASCADE
);
INSERT INTO deployments VALUES('dep_1795541251794_xgxq6k68','stk_1795541251794_bh3jz4d2','piet-lab','usr_rc8m8dc9p6hftzb54hxs','req_3342s5457q2k7bwkmrj8','a04cf8f3a1fcf8d7513a536e7234df43',1795541251793,'Completed','AwaitReadiness',100,1,1795541252277,1795541252923,NULL,NULL,NULL,1,1,29,17,0,NULL,'Deploy');
INSERT INTO deployments VALUES('dep_1795541252271_pqg4hbzm','stk_1795541252271_fhmhjcsq','noor-lab','usr_rc8m8dc9p6hftzb54hxs','req_657jzr33vfm2679n2hfh','e10c3f4cabb5c3b59c4eba8debdf8e95',1795541252271,'Completed','AwaitReadiness',100,1,1795541252284,1795541252925,NULL,NULL,NULL,1,1,29,17,0,NULL,'Deploy');
INSERT INTO deployments VALUES('dep_1795541253322_d2k4m6p8','stk_1795541252271_fhmhjcsq','noor-lab','usr_rc8m8dc9p6hftzb54hxs','req_delete_noor-lab','5f0c8a1d2b3e4c6f9a7b8c9d0e1f2a3b',1795541253322,'Running','RemoveProject',45,1,1795541281118,NULL,NULL,NULL,NULL,0,0,8,6,0,'["ai-stack-stk_1795541252271_fhmhjcsq-workspace","ai-stack-stk_1795541252271_fhmhjcsq-state"]','Delete');
INSERT INTO deployments VALUES('dep_1795541281376_wx8w3nx8','stk_1795541281376_g4dkwdnj','design-lab','usr_rc8m8dc9p6hftzb54hxs','req_mhzrbfsdk5c3ztww35xb','12b85e4cc6dd5fd7521e88ee81969004',1795541281376,'Running','EnsureDomain',21,1,1795541281414,NULL,NULL,NULL,NULL,0,1,12,9,0,NULL,'Deploy');
CREATE TABLE IF NOT EXISTS "deployment_events" (
    "deployment_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "progress" INTEGER NOT NULL,
    "log" TEXT NULL,
    "detail" TEXT NULL,
    "failure" TEXT NULL,
    CONSTRAINT "pk_deployment_events" PRIMARY KEY ("deployment_id", "sequence"),
    CONSTRAINT "fk_deployment_events_deployments_deployment_id" FOREIGN KEY ("deployment_id") REFERENCES "deployments" ("id") ON DELETE CASCADE
);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',1,1795541251793,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',1,1795541252271,'Log','Queued','ClaimName',0,'NameClaimed','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',2,1795541252277,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',2,1795541252284,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',3,1795541252299,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',3,1795541252299,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',4,1795541252346,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',5,1795541252346,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',4,1795541252349,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',5,1795541252349,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',6,1795541252400,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-qbs31j',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',7,1795541252400,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',6,1795541252400,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-noor-lab-mo8f4a',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',7,1795541252400,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',8,1795541252425,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',9,1795541252425,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',8,1795541252425,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',9,1795541252425,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',10,1795541252442,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541251794_bh3jz4d2-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',10,1795541252442,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541252271_fhmhjcsq-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',11,1795541252447,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541252271_fhmhjcsq-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',11,1795541252447,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541251794_bh3jz4d2-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',12,1795541252448,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',12,1795541252449,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',13,1795541252470,'Log','Running','EnsureDomain',21,'DomainCreated','noor-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',14,1795541252470,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',13,1795541252470,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',14,1795541252470,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',15,1795541252505,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',16,1795541252505,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',15,1795541252505,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',16,1795541252505,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',17,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',18,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',19,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',20,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',21,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',22,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',23,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',17,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',18,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',19,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',20,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',21,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',22,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',23,1795541252535,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',24,1795541252537,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',25,1795541252537,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',24,1795541252539,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',25,1795541252539,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',26,1795541252569,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',26,1795541252569,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',27,1795541252572,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',27,1795541252572,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',28,1795541252923,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795541251794_xgxq6k68',29,1795541252923,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',28,1795541252925,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795541252271_pqg4hbzm',29,1795541252925,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',1,1795541253322,'Log','Queued','AcceptDelete',0,'DeleteAccepted','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',2,1795541281118,'Progress','Running','AcceptDelete',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',3,1795541281123,'Progress','Running','RemoveApplication',5,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',4,1795541281200,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795541252271_fhmhjcsq-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',5,1795541281200,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795541252271_fhmhjcsq-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',6,1795541281215,'Log','Running','RemoveApplication',5,'ApplicationRemoved','ai-stack-noor-lab-mo8f4a',NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',7,1795541281218,'Progress','Running','RemoveDomain',35,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541253322_d2k4m6p8',8,1795541281250,'Progress','Running','RemoveProject',45,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',1,1795541281376,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',2,1795541281414,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',3,1795541281417,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',4,1795541281433,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',5,1795541281433,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',6,1795541281446,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-pmq5ep',NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',7,1795541281446,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',8,1795541281455,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',9,1795541281455,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',10,1795541281461,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541281376_g4dkwdnj-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',11,1795541281473,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541281376_g4dkwdnj-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541281376_wx8w3nx8',12,1795541281476,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "deployment_steps" (
    "deployment_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "started_at" INTEGER NOT NULL,
    "ended_at" INTEGER NULL,
    "outcome" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    CONSTRAINT "pk_deployment_steps" PRIMARY KEY ("deployment_id", "step"),
    CONSTRAINT "fk_deployment_steps_deployments_deployment_id" FOREIGN KEY ("deployment_id") REFERENCES "deployments" ("id") ON DELETE CASCADE
);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','ClaimName',1795541251793,1795541251793,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','ClaimName',1795541252271,1795541252271,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','EnsureProject',1795541252299,1795541252346,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','EnsureProject',1795541252299,1795541252349,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','EnsureApplication',1795541252346,1795541252400,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','EnsureApplication',1795541252349,1795541252400,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','Configure',1795541252400,1795541252425,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','Configure',1795541252400,1795541252425,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','EnsureVolumes',1795541252425,1795541252448,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','EnsureVolumes',1795541252425,1795541252449,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','EnsureDomain',1795541252448,1795541252470,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','EnsureDomain',1795541252449,1795541252470,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','TriggerDeploy',1795541252470,1795541252505,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','TriggerDeploy',1795541252470,1795541252505,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','AwaitDokploy',1795541252505,1795541252537,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','AwaitDokploy',1795541252505,1795541252539,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','AwaitContainer',1795541252537,1795541252572,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','AwaitContainer',1795541252539,1795541252572,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541252271_pqg4hbzm','AwaitReadiness',1795541252572,1795541252925,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541251794_xgxq6k68','AwaitReadiness',1795541252572,1795541252923,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541253322_d2k4m6p8','AcceptDelete',1795541253322,1795541253322,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541253322_d2k4m6p8','RemoveApplication',1795541281123,1795541281218,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541253322_d2k4m6p8','RemoveDomain',1795541281218,1795541281250,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541253322_d2k4m6p8','RemoveProject',1795541281250,NULL,'Running',1);
INSERT INTO deployment_steps VALUES('dep_1795541281376_wx8w3nx8','ClaimName',1795541281376,1795541281376,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541281376_wx8w3nx8','EnsureProject',1795541281417,1795541281433,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541281376_wx8w3nx8','EnsureApplication',1795541281433,1795541281446,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541281376_wx8w3nx8','Configure',1795541281446,1795541281455,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541281376_wx8w3nx8','EnsureVolumes',1795541281455,1795541281476,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541281376_wx8w3nx8','EnsureDomain',1795541281476,NULL,'Running',1);
CREATE INDEX "ix_deployments_finished_at" ON "deployments" ("finished_at");
CREATE UNIQUE INDEX "ix_deployments_owner_id_request_id" ON "deployments" ("owner_id", "request_id");
CREATE INDEX "ix_deployments_phase_created_at" ON "deployments" ("phase", "created_at");
CREATE INDEX "ix_deployments_stack_id" ON "deployments" ("stack_id");
CREATE INDEX "ix_name_holds_holder_id" ON "name_holds" ("holder_id");
CREATE INDEX "ix_name_holds_until" ON "name_holds" ("until");
CREATE UNIQUE INDEX "ix_stacks_name" ON "stacks" ("name") WHERE released_at IS NULL;
CREATE INDEX "ix_stacks_owner_id" ON "stacks" ("owner_id");
COMMIT;
