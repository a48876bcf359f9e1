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
INSERT INTO __EFMigrationsHistory VALUES('20261124172500_RequestKeys','10.0.15');
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
INSERT INTO stacks VALUES('stk_1795916976434_w54mwvsz','piet-lab','usr_14d3e7e2f3a539cd66799f73043737b9',1795916976432,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8GUTGByXwLhEpKhc4eOIOmilI0-XVwUi8ZbnpJQz_MShz5M40Q_lttI2gynm_lkrM-6YX26A_aT4xP1byVaetjVYP1jBgdiFkV9ZDbPbvcG4mkpmF33sjk_ewhJhtbc9Rzyn09m0MjciODpEBrTmE6M','Ready',1795916979224,NULL,NULL,1,'dep_1795916976433_xbkc7vvp','waT3DRxVThO4W-AMszInS','ZDPc1SK_zLlEuhQKC0Ol0','53SGUWidT2yBTNhPVOVXn','ai-stack-piet-lab-fff30q','ByHCGzd5agz_w4yl9q1zJ',4);
INSERT INTO stacks VALUES('stk_1795916977679_qfxqp379','noor-lab','usr_14d3e7e2f3a539cd66799f73043737b9',1795916977679,'http://noor-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8GUTGByXwLhEpKhc4eOIOmjuMP_AYrDcbyMfYwxOEN9T3WzcCRdEaSgwxfP8oiw6xctaEFeEV1giC2WYooYWYE7Wc3w7Qye4tS5ytXiNOZ7hIwNplUbDsJn1SqjTtB8xZSpBOr5pn2_aQ0kcH7g3Nfs','Deleting',1795916979221,NULL,NULL,1,'dep_1795916979644_tmr9qngb','CMQMIQW6-NWiKUF-yobtu','9I8ar4cxDbaVfuwuFtOSH','E99U9_y05AMx2A6Z7HDF1','ai-stack-noor-lab-9wt1rs','6XoQqMmciKXI6g-3TmVHM',5);
INSERT INTO stacks VALUES('stk_1795916979935_dm7n6m64','design-lab','usr_14d3e7e2f3a539cd66799f73043737b9',1795916979935,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8GUTGByXwLhEpKhc4eOIOmjhXrmBOdr09t1r_kglu7o6vw79bQd611YaMNzF-F0W2ZwcpKlk0Cg8jV3ImE3W-orboCOzifSwqRSltVarPodUzVjaiKDw5jpStCA8mVEBdAGnhR2_NwhS7HKoFOBMZyg','Creating',NULL,NULL,NULL,NULL,'dep_1795916979935_3r839vxr','FoYPAV6jqiz13Rpun2izp','dcHq2FfqnlNVun6NUuyfJ','JEaDNesdfKqvujRGpMdEV','ai-stack-design-lab-z4uowf',NULL,2);
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
INSERT INTO deployments VALUES('dep_1795916976433_xbkc7vvp','stk_1795916976434_w54mwvsz','piet-lab','usr_14d3e7e2f3a539cd66799f73043737b9','key:08f846d22f34a188ffc85e6c1c6ee3abbf62aa3ce3bd9da5ace7c466cfe438c7','441275483f8cc7ca0b7855aea93160d2',1795916976432,'Completed','AwaitReadiness',100,1,1795916977720,1795916979224,NULL,NULL,NULL,1,1,29,17,0,NULL,'Deploy','bde78b0dd2b74878');
INSERT INTO deployments VALUES('dep_1795916977679_rfffvq52','stk_1795916977679_qfxqp379','noor-lab','usr_14d3e7e2f3a539cd66799f73043737b9','key:9827c022862f49278d2d46178281037c6187b7b2ea98e7dd3f564f6e0effa053','38bd3dcb34f02b0b141734fb3144dd42',1795916977679,'Completed','AwaitReadiness',100,1,1795916977737,1795916979221,NULL,NULL,NULL,1,1,29,17,0,NULL,'Deploy','95aac69bbece20f2');
INSERT INTO deployments VALUES('dep_1795916979644_tmr9qngb','stk_1795916977679_qfxqp379','noor-lab','usr_14d3e7e2f3a539cd66799f73043737b9','delete:c711b063c841958b1d89b2423cd6fae374d9bef3e497f93ef18e7c5276ba5856','2fa202ddfadba6e7a9c17f0f29318e2f',1795916979644,'Running','RemoveProject',45,1,1795916979821,NULL,NULL,NULL,NULL,0,0,8,6,0,'["ai-stack-stk_1795916977679_qfxqp379-workspace","ai-stack-stk_1795916977679_qfxqp379-state"]','Delete','e0154ada38b806f0');
INSERT INTO deployments VALUES('dep_1795916979935_3r839vxr','stk_1795916979935_dm7n6m64','design-lab','usr_14d3e7e2f3a539cd66799f73043737b9','key:c21f320b6202f154843e0904f4145ae64270ceb96957e23f25ccba9d28eeab3a','d09807bd4a90ccf472d9b07240a99c08',1795916979935,'Running','EnsureDomain',21,1,1795916979980,NULL,NULL,NULL,NULL,0,1,12,9,0,NULL,'Deploy','adefc0768bf68767');
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
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',1,1795916976432,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',1,1795916977679,'Log','Queued','ClaimName',0,'NameClaimed','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',2,1795916977720,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',2,1795916977737,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',3,1795916977766,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',3,1795916977767,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',4,1795916977892,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',5,1795916977892,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',4,1795916978110,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',5,1795916978110,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',6,1795916978152,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-fff30q',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',7,1795916978152,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',6,1795916978154,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-noor-lab-9wt1rs',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',7,1795916978154,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',8,1795916978199,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',9,1795916978199,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',8,1795916978202,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',9,1795916978202,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',10,1795916978264,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795916976434_w54mwvsz-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',10,1795916978267,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795916977679_qfxqp379-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',11,1795916978284,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795916976434_w54mwvsz-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',11,1795916978282,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795916977679_qfxqp379-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',12,1795916978295,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',12,1795916978296,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',13,1795916978356,'Log','Running','EnsureDomain',21,'DomainCreated','noor-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',14,1795916978356,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',13,1795916978363,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',14,1795916978363,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',15,1795916978513,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',16,1795916978513,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',15,1795916978520,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',16,1795916978520,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',17,1795916978636,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',18,1795916978636,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',19,1795916978636,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',20,1795916978636,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',21,1795916978636,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',22,1795916978636,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',23,1795916978636,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',24,1795916978648,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',25,1795916978648,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',17,1795916978633,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',18,1795916978633,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',19,1795916978633,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',20,1795916978633,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',21,1795916978633,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',22,1795916978633,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',23,1795916978633,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',24,1795916978688,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',25,1795916978688,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',26,1795916978834,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',26,1795916978831,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',27,1795916978843,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',27,1795916978845,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',28,1795916979221,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795916977679_rfffvq52',29,1795916979221,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',28,1795916979224,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795916976433_xbkc7vvp',29,1795916979224,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',1,1795916979644,'Log','Queued','AcceptDelete',0,'DeleteAccepted','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',2,1795916979821,'Progress','Running','AcceptDelete',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',3,1795916979833,'Progress','Running','RemoveApplication',5,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',1,1795916979935,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',2,1795916979980,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',3,1795916979987,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',4,1795916980080,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',5,1795916980080,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',4,1795916980091,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795916977679_qfxqp379-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',5,1795916980091,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795916977679_qfxqp379-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',6,1795916980115,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-z4uowf',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',7,1795916980115,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',6,1795916980148,'Log','Running','RemoveApplication',5,'ApplicationRemoved','ai-stack-noor-lab-9wt1rs',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',8,1795916980161,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',9,1795916980161,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',7,1795916980161,'Progress','Running','RemoveDomain',35,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',10,1795916980200,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795916979935_dm7n6m64-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',11,1795916980221,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795916979935_dm7n6m64-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795916979935_3r839vxr',12,1795916980247,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795916979644_tmr9qngb',8,1795916980259,'Progress','Running','RemoveProject',45,NULL,NULL,NULL);
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
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','ClaimName',1795916976432,1795916976432,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','ClaimName',1795916977679,1795916977679,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','EnsureProject',1795916977766,1795916978110,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','EnsureProject',1795916977767,1795916977892,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','EnsureApplication',1795916977892,1795916978152,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','EnsureApplication',1795916978110,1795916978154,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','Configure',1795916978152,1795916978199,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','Configure',1795916978154,1795916978202,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','EnsureVolumes',1795916978199,1795916978296,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','EnsureVolumes',1795916978202,1795916978295,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','EnsureDomain',1795916978295,1795916978356,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','EnsureDomain',1795916978296,1795916978363,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','TriggerDeploy',1795916978356,1795916978513,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','TriggerDeploy',1795916978363,1795916978520,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','AwaitDokploy',1795916978513,1795916978688,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','AwaitDokploy',1795916978520,1795916978648,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','AwaitContainer',1795916978648,1795916978843,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','AwaitContainer',1795916978688,1795916978845,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916976433_xbkc7vvp','AwaitReadiness',1795916978843,1795916979224,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916977679_rfffvq52','AwaitReadiness',1795916978845,1795916979221,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916979644_tmr9qngb','AcceptDelete',1795916979644,1795916979644,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795916979644_tmr9qngb','RemoveApplication',1795916979833,1795916980161,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916979935_3r839vxr','ClaimName',1795916979935,1795916979935,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795916979935_3r839vxr','EnsureProject',1795916979987,1795916980080,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916979935_3r839vxr','EnsureApplication',1795916980080,1795916980115,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916979935_3r839vxr','Configure',1795916980115,1795916980161,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916979935_3r839vxr','EnsureVolumes',1795916980161,1795916980247,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916979644_tmr9qngb','RemoveDomain',1795916980161,1795916980259,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795916979935_3r839vxr','EnsureDomain',1795916980247,NULL,'Running',1);
INSERT INTO deployment_steps VALUES('dep_1795916979644_tmr9qngb','RemoveProject',1795916980259,NULL,'Running',1);
CREATE INDEX "ix_deployments_finished_at" ON "deployments" ("finished_at");
CREATE UNIQUE INDEX "ix_deployments_owner_id_request_id" ON "deployments" ("owner_id", "request_id");
CREATE INDEX "ix_deployments_phase_created_at" ON "deployments" ("phase", "created_at");
CREATE INDEX "ix_deployments_stack_id" ON "deployments" ("stack_id");
CREATE INDEX "ix_name_holds_holder_id" ON "name_holds" ("holder_id");
CREATE INDEX "ix_name_holds_until" ON "name_holds" ("until");
CREATE UNIQUE INDEX "ix_stacks_name" ON "stacks" ("name") WHERE released_at IS NULL;
CREATE INDEX "ix_stacks_owner_id" ON "stacks" ("owner_id");
CREATE UNIQUE INDEX "ix_deployments_request_id" ON "deployments" ("request_id") WHERE kind = 'Delete';
COMMIT;
