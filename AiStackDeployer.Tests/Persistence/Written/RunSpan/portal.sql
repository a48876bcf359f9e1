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
INSERT INTO __EFMigrationsHistory VALUES('20261124145923_RunSpan','10.0.15');
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
INSERT INTO stacks VALUES('stk_1795541286295_x646wk4s','piet-lab','usr_bvht3m786sws7kq5q9jc',1795541286294,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8BAhYsbAfQFAgBvnNnBd3UYGodNHLIse8lSruzkMQ-vzFjhM3xi0wTXXPllLvXq27VcWVvUveIlApkN7AIbLYv1XFIQ1zYRpEmoY4enjAFSMa-dZpbxXekgLhOAuOz4sS6-3pqsgcMnMMO9KZCwcN3Q','Ready',1795541287628,NULL,NULL,1,'dep_1795541286294_33kcwjv8','MwLTGLsNTn0SbszmimFdl','bjisFTG69cQl8gzZY8KJI','sT9VVp2BZoUjScezbrKNm','ai-stack-piet-lab-4xr5fb','jUe88rOD44oLpQd4bOw5-',4);
INSERT INTO stacks VALUES('stk_1795541286821_vw29c6t2','noor-lab','usr_bvht3m786sws7kq5q9jc',1795541286821,'http://noor-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8BAhYsbAfQFAgBvnNnBd3UaEdg3LnFkYAPwbKdOn_-9N5-0RP7iilnGy73mWV3DzA0KtUGlqceRmztjg7DFZ3QSGr5ViPZkP6mlj3Gi6LQ5NmwZmuByzhCwbOUowCyE_GfrxqPAVi4ITQJsPrRng4zc','Deleting',1795541287625,NULL,NULL,1,'dep_1795541287880_55cs9xjp','FHFHKtUAtGljPsQdbzqr5','cMV86MCR5mcgRDUNCUxWL','Wd0ltPPVjc2e6lt7Agzxl','ai-stack-noor-lab-fvez4h','uWNAbN-OKw8c4M8JS6uFD',5);
INSERT INTO stacks VALUES('stk_1795541288362_66qxv3m7','design-lab','usr_bvht3m786sws7kq5q9jc',1795541288362,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8BAhYsbAfQFAgBvnNnBd3Ua3n36Cu7O_8DTKbAC1anOP0NxrepJMgB4y8YVivHG9he57Y8IN1gPp0GjAFHOJ0GR__o8ss90B7iIRI1tCNVAYoc4ilORhqatfnoO9rhGlRUVpysLKkgDdn7q3f8vX6Wg','Creating',NULL,NULL,NULL,NULL,'dep_1795541288362_4mmrbszx','JyivNjcTEoePyjL7c_gpf','jxrKXiIC-_O4WQD7cQoRZ','wxZDoKp7_38usmDZfS9ce','ai-stack-design-lab-vymc8w',NULL,2);
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
    "version" INTEGER NOT NULL, "is_paused" INTEGER NOT NULL DEFAULT 0, "kept_volumes" TEXT NULL, "kind" TEXT NOT NULL DEFAULT 'Deploy', "run_span" TEXT NULL,
    CONSTRAINT "fk_deployments_stacks_stack_id" FOREIGN KEY ("stack_id") REFERENCES "stacks" ("id") ON DELETE CASCADE
);
INSERT INTO deployments VALUES('dep_1795541286294_33kcwjv8','stk_1795541286295_x646wk4s','piet-lab','usr_bvht3m786sws7kq5q9jc','req_4q6889w8j4ws767ch6z5','92e203d9f80856b908245e17a484d980',1795541286294,'Completed','AwaitReadiness',100,1,1795541286915,1795541287628,NULL,NULL,NULL,1,1,29,17,0,NULL,'Deploy','f864e9451c2a11bb');
INSERT INTO deployments VALUES('dep_1795541286821_mbtz3hn4','stk_1795541286821_vw29c6t2','noor-lab','usr_bvht3m786sws7kq5q9jc','req_tdp547t5733p8fxkrmgk','7e85589372a3b7a2173213ffa92c7f0b',1795541286821,'Completed','AwaitReadiness',100,1,1795541286914,1795541287625,NULL,NULL,NULL,1,1,29,17,0,NULL,'Deploy','6f32aa2958679310');
INSERT INTO deployments VALUES('dep_1795541287880_55cs9xjp','stk_1795541286821_vw29c6t2','noor-lab','usr_bvht3m786sws7kq5q9jc','req_d2xqg8cqdmsrnn58tj6q','778808be44d51108a5a933ccf72d7eb8',1795541287880,'Running','RemoveProject',45,1,1795541287971,NULL,NULL,NULL,NULL,0,0,8,6,0,'["ai-stack-stk_1795541286821_vw29c6t2-workspace","ai-stack-stk_1795541286821_vw29c6t2-state"]','Delete','f732d4ea3cac0380');
INSERT INTO deployments VALUES('dep_1795541288362_4mmrbszx','stk_1795541288362_66qxv3m7','design-lab','usr_bvht3m786sws7kq5q9jc','req_cbf54xwdgv2mj2zvccxz','3ab547dab6bc6e1c39f3c730ea341013',1795541288362,'Running','EnsureDomain',21,1,1795541288376,NULL,NULL,NULL,NULL,0,1,12,9,0,NULL,'Deploy','f653fcd3d8a9fc5c');
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
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',1,1795541286294,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',1,1795541286821,'Log','Queued','ClaimName',0,'NameClaimed','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',2,1795541286915,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',2,1795541286914,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',3,1795541286940,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',3,1795541286939,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',4,1795541286996,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',5,1795541286996,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',4,1795541287000,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',5,1795541287000,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',6,1795541287049,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-noor-lab-fvez4h',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',7,1795541287049,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',6,1795541287052,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-4xr5fb',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',7,1795541287052,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',8,1795541287078,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',9,1795541287078,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',8,1795541287081,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',9,1795541287081,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',10,1795541287108,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541286295_x646wk4s-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',10,1795541287107,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541286821_vw29c6t2-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',11,1795541287114,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541286295_x646wk4s-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',11,1795541287116,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541286821_vw29c6t2-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',12,1795541287119,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',12,1795541287124,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',13,1795541287148,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',14,1795541287148,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',13,1795541287146,'Log','Running','EnsureDomain',21,'DomainCreated','noor-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',14,1795541287146,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',15,1795541287193,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',16,1795541287193,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',15,1795541287191,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',16,1795541287191,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',17,1795541287232,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',18,1795541287232,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',19,1795541287232,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',20,1795541287232,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',21,1795541287232,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',22,1795541287232,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',23,1795541287232,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',17,1795541287230,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',18,1795541287230,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',19,1795541287230,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',20,1795541287230,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',21,1795541287230,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',22,1795541287230,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',23,1795541287230,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',24,1795541287235,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',25,1795541287235,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',24,1795541287238,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',25,1795541287238,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',26,1795541287276,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',26,1795541287275,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',27,1795541287281,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',27,1795541287284,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',28,1795541287625,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286821_mbtz3hn4',29,1795541287625,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',28,1795541287628,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795541286294_33kcwjv8',29,1795541287628,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',1,1795541287880,'Log','Queued','AcceptDelete',0,'DeleteAccepted','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',2,1795541287971,'Progress','Running','AcceptDelete',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',3,1795541287978,'Progress','Running','RemoveApplication',5,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',4,1795541288062,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795541286821_vw29c6t2-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',5,1795541288062,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795541286821_vw29c6t2-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',6,1795541288081,'Log','Running','RemoveApplication',5,'ApplicationRemoved','ai-stack-noor-lab-fvez4h',NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',7,1795541288085,'Progress','Running','RemoveDomain',35,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541287880_55cs9xjp',8,1795541288104,'Progress','Running','RemoveProject',45,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',1,1795541288362,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',2,1795541288376,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',3,1795541288379,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',4,1795541288388,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',5,1795541288388,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',6,1795541288393,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-vymc8w',NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',7,1795541288393,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',8,1795541288399,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',9,1795541288399,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',10,1795541288405,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541288362_66qxv3m7-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',11,1795541288410,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795541288362_66qxv3m7-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795541288362_4mmrbszx',12,1795541288412,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
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
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','ClaimName',1795541286294,1795541286294,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','ClaimName',1795541286821,1795541286821,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','EnsureProject',1795541286940,1795541286996,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','EnsureProject',1795541286939,1795541287000,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','EnsureApplication',1795541286996,1795541287049,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','EnsureApplication',1795541287000,1795541287052,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','Configure',1795541287049,1795541287081,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','Configure',1795541287052,1795541287078,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','EnsureVolumes',1795541287078,1795541287124,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','EnsureVolumes',1795541287081,1795541287119,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','EnsureDomain',1795541287119,1795541287146,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','EnsureDomain',1795541287124,1795541287148,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','TriggerDeploy',1795541287148,1795541287193,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','TriggerDeploy',1795541287146,1795541287191,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','AwaitDokploy',1795541287193,1795541287235,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','AwaitDokploy',1795541287191,1795541287238,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','AwaitContainer',1795541287235,1795541287284,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','AwaitContainer',1795541287238,1795541287281,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286821_mbtz3hn4','AwaitReadiness',1795541287281,1795541287625,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541286294_33kcwjv8','AwaitReadiness',1795541287284,1795541287628,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541287880_55cs9xjp','AcceptDelete',1795541287880,1795541287880,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541287880_55cs9xjp','RemoveApplication',1795541287978,1795541288085,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541287880_55cs9xjp','RemoveDomain',1795541288085,1795541288104,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541287880_55cs9xjp','RemoveProject',1795541288104,NULL,'Running',1);
INSERT INTO deployment_steps VALUES('dep_1795541288362_4mmrbszx','ClaimName',1795541288362,1795541288362,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795541288362_4mmrbszx','EnsureProject',1795541288379,1795541288388,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541288362_4mmrbszx','EnsureApplication',1795541288388,1795541288393,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541288362_4mmrbszx','Configure',1795541288393,1795541288399,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541288362_4mmrbszx','EnsureVolumes',1795541288399,1795541288412,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795541288362_4mmrbszx','EnsureDomain',1795541288412,NULL,'Running',1);
CREATE INDEX "ix_deployments_finished_at" ON "deployments" ("finished_at");
CREATE UNIQUE INDEX "ix_deployments_owner_id_request_id" ON "deployments" ("owner_id", "request_id");
CREATE INDEX "ix_deployments_phase_created_at" ON "deployments" ("phase", "created_at");
CREATE INDEX "ix_deployments_stack_id" ON "deployments" ("stack_id");
CREATE INDEX "ix_name_holds_holder_id" ON "name_holds" ("holder_id");
CREATE INDEX "ix_name_holds_until" ON "name_holds" ("until");
CREATE UNIQUE INDEX "ix_stacks_name" ON "stacks" ("name") WHERE released_at IS NULL;
CREATE INDEX "ix_stacks_owner_id" ON "stacks" ("owner_id");
COMMIT;
