PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE "__EFMigrationsHistory" (
    "migration_id" TEXT NOT NULL CONSTRAINT "pk___ef_migrations_history" PRIMARY KEY,
    "product_version" TEXT NOT NULL
);
INSERT INTO "__EFMigrationsHistory" VALUES('20261123214336_Initial','10.0.15');
INSERT INTO "__EFMigrationsHistory" VALUES('20261124134812_Deletion','10.0.15');
INSERT INTO "__EFMigrationsHistory" VALUES('20261124145923_RunSpan','10.0.15');
INSERT INTO "__EFMigrationsHistory" VALUES('20261124172500_RequestKeys','10.0.15');
INSERT INTO "__EFMigrationsHistory" VALUES('20261129103756_Operations','10.0.15');
INSERT INTO "__EFMigrationsHistory" VALUES('20261129131410_StackHealth','10.0.15');
INSERT INTO "__EFMigrationsHistory" VALUES('20261129163607_KeyRing','10.0.15');
CREATE TABLE "__EFMigrationsLock" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
    "Timestamp" TEXT NOT NULL
);
CREATE TABLE "data_protection_keys" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_data_protection_keys" PRIMARY KEY AUTOINCREMENT,
    "friendly_name" TEXT NULL,
    "xml" TEXT NULL
);
CREATE TABLE "deployment_events" (
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
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',1,1795980726333,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',2,1795980726805,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',3,1795980726828,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',4,1795980726961,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',5,1795980726961,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',6,1795980727009,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-tb6xnz',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',7,1795980727009,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',8,1795980727033,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',9,1795980727033,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',10,1795980727063,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795980726333_h9k6sp29-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',11,1795980727068,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795980726333_h9k6sp29-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',12,1795980727069,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',13,1795980727091,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',14,1795980727091,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',15,1795980727122,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',16,1795980727122,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',17,1795980727155,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',18,1795980727155,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',19,1795980727155,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',20,1795980727155,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',21,1795980727155,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',22,1795980727155,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',23,1795980727155,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',24,1795980727157,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',25,1795980727157,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',26,1795980727185,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',27,1795980727187,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',28,1795980727517,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980726333_4wwgcxnw',29,1795980727517,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',1,1795980727765,'Log','Queued','ClaimName',0,'NameClaimed','noor-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',2,1795980727776,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',3,1795980727779,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',4,1795980727793,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-noor-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',5,1795980727793,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',6,1795980727799,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-noor-lab-17z07q',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',7,1795980727799,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',8,1795980727804,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',9,1795980727804,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',10,1795980727809,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795980727765_xrg9cwvz-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',11,1795980727814,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795980727765_xrg9cwvz-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',12,1795980727817,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',13,1795980727826,'Log','Running','EnsureDomain',21,'DomainCreated','noor-lab.ai.localhost',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',14,1795980727826,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',15,1795980727835,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',16,1795980727835,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',17,1795980727842,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',18,1795980727842,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',19,1795980727842,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',20,1795980727842,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',21,1795980727842,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',22,1795980727842,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',23,1795980727842,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',24,1795980727845,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',25,1795980727845,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',26,1795980727848,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',27,1795980727850,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',28,1795980728163,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980727765_wjz49j6c',29,1795980728163,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',1,1795980728427,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',2,1795980728441,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',3,1795980728443,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',4,1795980728454,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',5,1795980728454,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',6,1795980728460,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-hcj7zq',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',7,1795980728460,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',8,1795980728467,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',9,1795980728467,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',10,1795980728473,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795980728427_kw3krhsc-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',11,1795980728479,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795980728427_kw3krhsc-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728427_gksdc5rr',12,1795980728481,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',1,1795980728604,'Log','Queued','AcceptDelete',0,'DeleteAccepted','noor-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',2,1795980728678,'Progress','Running','AcceptDelete',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',3,1795980728680,'Progress','Running','RemoveApplication',5,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',4,1795980728725,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795980727765_xrg9cwvz-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',5,1795980728725,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795980727765_xrg9cwvz-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',6,1795980728738,'Log','Running','RemoveApplication',5,'ApplicationRemoved','ai-stack-noor-lab-17z07q',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',7,1795980728741,'Progress','Running','RemoveDomain',35,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795980728604_p898ksff',8,1795980728756,'Progress','Running','RemoveProject',45,NULL,NULL,NULL);
CREATE TABLE "deployment_steps" (
    "deployment_id" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "attempts" INTEGER NOT NULL,
    "ended_at" INTEGER NULL,
    "outcome" TEXT NOT NULL,
    "started_at" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    CONSTRAINT "pk_deployment_steps" PRIMARY KEY ("deployment_id", "index"),
    CONSTRAINT "fk_deployment_steps_deployments_deployment_id" FOREIGN KEY ("deployment_id") REFERENCES "deployments" ("id") ON DELETE CASCADE
);
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',0,0,1795980726333,'Done',1795980726333,'ClaimName');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',1,1,1795980726961,'Done',1795980726828,'EnsureProject');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',2,1,1795980727009,'Done',1795980726961,'EnsureApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',3,1,1795980727033,'Done',1795980727009,'Configure');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',4,1,1795980727069,'Done',1795980727033,'EnsureVolumes');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',5,1,1795980727091,'Done',1795980727069,'EnsureDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',6,1,1795980727122,'Done',1795980727091,'TriggerDeploy');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',7,1,1795980727157,'Done',1795980727122,'AwaitDokploy');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',8,1,1795980727187,'Done',1795980727157,'AwaitContainer');
INSERT INTO "deployment_steps" VALUES('dep_1795980726333_4wwgcxnw',9,1,1795980727517,'Done',1795980727187,'AwaitReadiness');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',0,0,1795980727765,'Done',1795980727765,'ClaimName');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',1,1,1795980727793,'Done',1795980727779,'EnsureProject');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',2,1,1795980727799,'Done',1795980727793,'EnsureApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',3,1,1795980727804,'Done',1795980727799,'Configure');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',4,1,1795980727817,'Done',1795980727804,'EnsureVolumes');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',5,1,1795980727826,'Done',1795980727817,'EnsureDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',6,1,1795980727835,'Done',1795980727826,'TriggerDeploy');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',7,1,1795980727845,'Done',1795980727835,'AwaitDokploy');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',8,1,1795980727850,'Done',1795980727845,'AwaitContainer');
INSERT INTO "deployment_steps" VALUES('dep_1795980727765_wjz49j6c',9,1,1795980728163,'Done',1795980727850,'AwaitReadiness');
INSERT INTO "deployment_steps" VALUES('dep_1795980728427_gksdc5rr',0,0,1795980728427,'Done',1795980728427,'ClaimName');
INSERT INTO "deployment_steps" VALUES('dep_1795980728427_gksdc5rr',1,1,1795980728454,'Done',1795980728443,'EnsureProject');
INSERT INTO "deployment_steps" VALUES('dep_1795980728427_gksdc5rr',2,1,1795980728460,'Done',1795980728454,'EnsureApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795980728427_gksdc5rr',3,1,1795980728467,'Done',1795980728460,'Configure');
INSERT INTO "deployment_steps" VALUES('dep_1795980728427_gksdc5rr',4,1,1795980728481,'Done',1795980728467,'EnsureVolumes');
INSERT INTO "deployment_steps" VALUES('dep_1795980728427_gksdc5rr',5,1,NULL,'Running',1795980728481,'EnsureDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795980728604_p898ksff',0,0,1795980728604,'Done',1795980728604,'AcceptDelete');
INSERT INTO "deployment_steps" VALUES('dep_1795980728604_p898ksff',1,1,1795980728741,'Done',1795980728680,'RemoveApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795980728604_p898ksff',2,1,1795980728756,'Done',1795980728741,'RemoveDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795980728604_p898ksff',3,1,NULL,'Running',1795980728756,'RemoveProject');
CREATE TABLE "deployments" (
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
    "version" INTEGER NOT NULL, "is_paused" INTEGER NOT NULL DEFAULT 0, "kept_volumes" TEXT NULL, "kind" TEXT NOT NULL DEFAULT 'Deploy', "run_span" TEXT NULL, "state_before" TEXT NULL,
    CONSTRAINT "fk_deployments_stacks_stack_id" FOREIGN KEY ("stack_id") REFERENCES "stacks" ("id") ON DELETE CASCADE
);
INSERT INTO "deployments" VALUES('dep_1795980726333_4wwgcxnw','stk_1795980726333_h9k6sp29','piet-lab','usr_42m8753s57vv84xxkrv6','req_8dd2fptnw2m49bkp8xfn','c81118248899507e6382746328703a1f',1795980726333,'Completed','AwaitReadiness',100,1,1795980726805,1795980727517,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','5e8b02578a4c19c0',NULL);
INSERT INTO "deployments" VALUES('dep_1795980727765_wjz49j6c','stk_1795980727765_xrg9cwvz','noor-lab','usr_42m8753s57vv84xxkrv6','req_vstdb5d8j6dk2wwjs2sj','18676ef3340f2e8fed547fdeb500e874',1795980727765,'Completed','AwaitReadiness',100,1,1795980727776,1795980728163,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','b8a856bb28ec82f9',NULL);
INSERT INTO "deployments" VALUES('dep_1795980728427_gksdc5rr','stk_1795980728427_kw3krhsc','design-lab','usr_42m8753s57vv84xxkrv6','req_tmdxggm22f83r742wknn','a82b2c4773fd5cf6c1c770e76c2f182f',1795980728427,'Running','EnsureDomain',21,1,1795980728441,NULL,NULL,NULL,NULL,0,1,12,9,0,NULL,'deploy','00eece829b061ba6',NULL);
INSERT INTO "deployments" VALUES('dep_1795980728604_p898ksff','stk_1795980727765_xrg9cwvz','noor-lab','usr_42m8753s57vv84xxkrv6','req_m24dbdnt696vtbg9q8k6','0a121a974a3bdcf605d17e5b9f5d45db',1795980728604,'Running','RemoveProject',45,1,1795980728678,NULL,NULL,NULL,NULL,0,0,8,6,0,'["ai-stack-stk_1795980727765_xrg9cwvz-workspace","ai-stack-stk_1795980727765_xrg9cwvz-state"]','delete','2c36ef015a8dd434','Ready');
CREATE TABLE "name_holds" (
    "name" TEXT NOT NULL CONSTRAINT "pk_name_holds" PRIMARY KEY,
    "holder_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "until" INTEGER NOT NULL
);
CREATE TABLE "stacks" (
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
, "health_layer" TEXT NULL, "health_missing" TEXT NULL, "health_path" TEXT NULL, "health_seen_at" INTEGER NULL, "health_since" INTEGER NULL, "health_state" TEXT NOT NULL DEFAULT 'NotLookedAtYet', "open_code_version" TEXT NULL);
INSERT INTO "stacks" VALUES('stk_1795980726333_h9k6sp29','piet-lab','usr_42m8753s57vv84xxkrv6',1795980726333,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8HqRYu3jk2ZLsA-2x7C3RnraATu_oD8PGCXgMs2j_hZBcqWPTocAeByKjum8h6tsS1RBiSZhXfI4hxD2PabiDsPek2IqHt0j9in2sVO-EwtGGZgNVOCvNvUAvs7VOhzL8R8UeNXHsqqC21NmoSWjaPA','Ready',1795980727517,NULL,NULL,1,'dep_1795980726333_4wwgcxnw','Lv3mDLcCn-A0dOW_2u80e','-ZcPvAOl8SQwbFmiLl9az','Ia97xRFHQES6fY13RYz91','ai-stack-piet-lab-tb6xnz','HJnK6FhkrnzmCVlr_Dv9l',5,NULL,NULL,'/global/health',1795980727517,1795980727517,'Answering','1.18.33');
INSERT INTO "stacks" VALUES('stk_1795980727765_xrg9cwvz','noor-lab','usr_42m8753s57vv84xxkrv6',1795980727765,'http://noor-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8HqRYu3jk2ZLsA-2x7C3Rnq7VPQoSJYgbGP433yG3XQ8J0GVYmnr7MmaJsEtzNy5bDUukUzhQl2llp2xtHHVQBpNM8KZQtyTIR-Q1O6JJMH6CwKAZG4JmqG3PAJp31Lrvn01Aqo7vdXg8mMf6ExH64k','Deleting',1795980728163,NULL,NULL,1,'dep_1795980728604_p898ksff','1XOwbmKTRHiUtpyC1aMTr','tgRDrmE5ig8vOAlWM8b8l','EYGSy3xuLsH3cdj2-lrVg','ai-stack-noor-lab-17z07q','zlS-gXAXM_4top66TWGTU',6,NULL,NULL,'/global/health',1795980728163,1795980728163,'Answering','1.18.33');
INSERT INTO "stacks" VALUES('stk_1795980728427_kw3krhsc','design-lab','usr_42m8753s57vv84xxkrv6',1795980728427,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8HqRYu3jk2ZLsA-2x7C3Rnq00LuncPt70-LMTd6jnykzUCt4pUPMDt9l8fcXL0NzDiOQvuCsSWQE-Y9qL-TqZnrS2j_2T7sN6XBz8DnoS22kgJutQ4ahvgff_k2xz9vy5gBD7cxznp_s2oPQNrJQwzc','Creating',NULL,NULL,NULL,NULL,'dep_1795980728427_gksdc5rr','DF9nR_tqIlYhQ3sypUT_K','GheofRQHfdD9VJV4hKalE','UFydJFvIgQzd43oXFrc59','ai-stack-design-lab-hcj7zq',NULL,3,NULL,NULL,NULL,NULL,NULL,'NotLookedAtYet',NULL);
CREATE INDEX "ix_deployments_finished_at" ON "deployments" ("finished_at");
CREATE UNIQUE INDEX "ix_deployments_owner_id_request_id" ON "deployments" ("owner_id", "request_id");
CREATE INDEX "ix_deployments_phase_created_at" ON "deployments" ("phase", "created_at");
CREATE INDEX "ix_deployments_stack_id" ON "deployments" ("stack_id");
CREATE INDEX "ix_name_holds_holder_id" ON "name_holds" ("holder_id");
CREATE INDEX "ix_name_holds_until" ON "name_holds" ("until");
CREATE UNIQUE INDEX "ix_stacks_name" ON "stacks" ("name") WHERE released_at IS NULL;
CREATE INDEX "ix_stacks_owner_id" ON "stacks" ("owner_id");
CREATE UNIQUE INDEX "ix_deployments_request_id" ON "deployments" ("request_id") WHERE kind <> 'deploy';
DELETE FROM "sqlite_sequence";
COMMIT;
