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
INSERT INTO __EFMigrationsHistory VALUES('20261129103756_Operations','10.0.15');
INSERT INTO __EFMigrationsHistory VALUES('20261129131410_StackHealth','10.0.15');
INSERT INTO __EFMigrationsHistory VALUES('20261129163607_KeyRing','10.0.15');
INSERT INTO __EFMigrationsHistory VALUES('20261129193617_People','10.0.15');
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
, "health_layer" TEXT NULL, "health_missing" TEXT NULL, "health_path" TEXT NULL, "health_seen_at" INTEGER NULL, "health_since" INTEGER NULL, "health_state" TEXT NOT NULL DEFAULT 'NotLookedAtYet', "open_code_version" TEXT NULL);
INSERT INTO stacks VALUES('stk_1796004392514_3jxvh58r','piet-lab','usr_bb2hxcn3kctfbhscvp6f',1796004392514,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8DI4BniwUYZEtG_zUFtI4F54bpcTjEdYc-cFVdlTYUgoWzDaK_ZZbp7J8xtMqJ371MFmdumyDrU1b-ZLT5pT5qNbt3mgLBGaHJ0HBO5vaiFtAf1T790_Yj_Wt-AOZA_Qcmy266zK9eqVFReVtR6zK5Q','Ready',1796004397354,NULL,NULL,1,'dep_1796004392513_kkw9nz8q','zvQUIT8YJ1kE12ZU_Inof','M9wwaBRzA0NgliDdTaQBO','5gEoORFTBZe7gINnIS_xv','ai-stack-piet-lab-t85u5i','TE-hx0Bil-UKkhWmaRuzK',5,NULL,NULL,'/global/health',1796004397354,1796004397354,'Answering','1.18.33');
INSERT INTO stacks VALUES('stk_1796004399385_scbn5gxg','noor-lab','usr_bb2hxcn3kctfbhscvp6f',1796004399385,'http://noor-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8DI4BniwUYZEtG_zUFtI4F7yvhnHe_LHNEIYiNOo0CSBHxVluC-qZ2OJqqng6Mx4pi0W1XdHbw_moM78bgSrOQ3vCpy7a0gineml8OAe9gciZ4NJXlDSpQx06qFKJ8A4DIfhc-NZqknebyXADp7Sfac','Deleting',1796004400010,NULL,NULL,1,'dep_1796004401864_94zqpx7j','6yEE9gm8YCsKkzSmGR1ld','Nayh0oXvAgtk3bQnWlINM','-klzVK_PvrKe5WdUmAucV','ai-stack-noor-lab-2s8c1u','PlRd2jIfeyTbp11NrR90z',6,NULL,NULL,'/global/health',1796004400010,1796004400010,'Answering','1.18.33');
INSERT INTO stacks VALUES('stk_1796004401315_np5ztjqn','design-lab','usr_bb2hxcn3kctfbhscvp6f',1796004401315,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8DI4BniwUYZEtG_zUFtI4F6KCtmpd-5G0DORViWr_vV4YH9ifXJoORONdel883e5k70vArgKGt_A7n1D1c07_he6peRSzBYRFjPb7XHfOPP95TKP1PGmlBa631lotIOe66QKAdYo1JvhRMY43hNum6s','Creating',NULL,NULL,NULL,NULL,'dep_1796004401315_q2x3tvgs','Z_-FkLzpfkIGJS3V_-e-q','8UKd57Kd1m53GRkfWey2z','lX3PhuldwDRXd5kLdU2u3','ai-stack-design-lab-hv3prr',NULL,3,NULL,NULL,NULL,NULL,NULL,'NotLookedAtYet',NULL);
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
    "version" INTEGER NOT NULL, "is_paused" INTEGER NOT NULL DEFAULT 0, "kept_volumes" TEXT NULL, "kind" TEXT NOT NULL DEFAULT 'Deploy', "run_span" TEXT NULL, "state_before" TEXT NULL,
    CONSTRAINT "fk_deployments_stacks_stack_id" FOREIGN KEY ("stack_id") REFERENCES "stacks" ("id") ON DELETE CASCADE
);
INSERT INTO deployments VALUES('dep_1796004392513_kkw9nz8q','stk_1796004392514_3jxvh58r','piet-lab','usr_bb2hxcn3kctfbhscvp6f','req_wcj6865gk59g5sx6r477','cae149463b3643351a0fb15676873628',1796004392514,'Completed','AwaitReadiness',100,1,1796004394919,1796004397354,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','f7e3bad3fc57da35',NULL);
INSERT INTO deployments VALUES('dep_1796004399385_njfkcdsv','stk_1796004399385_scbn5gxg','noor-lab','usr_bb2hxcn3kctfbhscvp6f','req_jkfnzzd2pbkw52gvb67n','8ecdb595355e38ebc112c171029c41a0',1796004399385,'Completed','AwaitReadiness',100,1,1796004399421,1796004400010,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','5918955aaded49de',NULL);
INSERT INTO deployments VALUES('dep_1796004401315_q2x3tvgs','stk_1796004401315_np5ztjqn','design-lab','usr_bb2hxcn3kctfbhscvp6f','req_khz9457msxqc7dcvzpjr','f5ca24c941e876bd058448b883b6fc90',1796004401315,'Running','EnsureDomain',21,1,1796004401363,NULL,NULL,NULL,NULL,0,1,12,9,0,NULL,'deploy','dd6acc2f0aa73f61',NULL);
INSERT INTO deployments VALUES('dep_1796004401864_94zqpx7j','stk_1796004399385_scbn5gxg','noor-lab','usr_bb2hxcn3kctfbhscvp6f','req_c3s7jmht9fwvhm2bj2db','f4dc3a52c6fd33470b188b9b1bda0bd8',1796004401864,'Running','RemoveProject',45,1,1796004402103,NULL,NULL,NULL,NULL,0,0,8,6,0,'["ai-stack-stk_1796004399385_scbn5gxg-workspace","ai-stack-stk_1796004399385_scbn5gxg-state"]','delete','4dcb852dbd24d778','Ready');
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
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',1,1796004392514,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',2,1796004394919,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',3,1796004395285,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',4,1796004395728,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',5,1796004395728,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',6,1796004395912,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-t85u5i',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',7,1796004395912,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',8,1796004395943,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',9,1796004395943,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',10,1796004396121,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1796004392514_3jxvh58r-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',11,1796004396182,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1796004392514_3jxvh58r-state',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',12,1796004396197,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',13,1796004396250,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',14,1796004396250,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',15,1796004396503,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',16,1796004396503,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',17,1796004396575,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',18,1796004396575,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',19,1796004396575,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',20,1796004396575,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',21,1796004396575,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',22,1796004396575,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',23,1796004396575,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',24,1796004396584,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',25,1796004396584,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',26,1796004396670,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',27,1796004396678,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',28,1796004397354,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1796004392513_kkw9nz8q',29,1796004397354,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',1,1796004399385,'Log','Queued','ClaimName',0,'NameClaimed','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',2,1796004399421,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',3,1796004399423,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',4,1796004399491,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',5,1796004399491,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',6,1796004399504,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-noor-lab-2s8c1u',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',7,1796004399504,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',8,1796004399512,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',9,1796004399512,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',10,1796004399519,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1796004399385_scbn5gxg-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',11,1796004399525,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1796004399385_scbn5gxg-state',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',12,1796004399529,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',13,1796004399547,'Log','Running','EnsureDomain',21,'DomainCreated','noor-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',14,1796004399547,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',15,1796004399598,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',16,1796004399598,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',17,1796004399634,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',18,1796004399634,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',19,1796004399634,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',20,1796004399634,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',21,1796004399634,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',22,1796004399634,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',23,1796004399634,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',24,1796004399644,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',25,1796004399644,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',26,1796004399651,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',27,1796004399658,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',28,1796004400010,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1796004399385_njfkcdsv',29,1796004400010,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',1,1796004401315,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',2,1796004401363,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',3,1796004401378,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',4,1796004401411,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',5,1796004401411,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',6,1796004401422,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-hv3prr',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',7,1796004401422,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',8,1796004401440,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',9,1796004401440,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',10,1796004401481,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1796004401315_np5ztjqn-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',11,1796004401491,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1796004401315_np5ztjqn-state',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401315_q2x3tvgs',12,1796004401496,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',1,1796004401864,'Log','Queued','AcceptDelete',0,'DeleteAccepted','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',2,1796004402103,'Progress','Running','AcceptDelete',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',3,1796004402109,'Progress','Running','RemoveApplication',5,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',4,1796004402214,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1796004399385_scbn5gxg-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',5,1796004402214,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1796004399385_scbn5gxg-state',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',6,1796004402255,'Log','Running','RemoveApplication',5,'ApplicationRemoved','ai-stack-noor-lab-2s8c1u',NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',7,1796004402262,'Progress','Running','RemoveDomain',35,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1796004401864_94zqpx7j',8,1796004402292,'Progress','Running','RemoveProject',45,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "deployment_steps" (
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
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',0,0,1796004392514,'Done',1796004392514,'ClaimName');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',1,1,1796004395728,'Done',1796004395285,'EnsureProject');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',2,1,1796004395912,'Done',1796004395728,'EnsureApplication');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',3,1,1796004395943,'Done',1796004395912,'Configure');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',4,1,1796004396197,'Done',1796004395943,'EnsureVolumes');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',5,1,1796004396250,'Done',1796004396197,'EnsureDomain');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',6,1,1796004396503,'Done',1796004396250,'TriggerDeploy');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',7,1,1796004396584,'Done',1796004396503,'AwaitDokploy');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',8,1,1796004396678,'Done',1796004396584,'AwaitContainer');
INSERT INTO deployment_steps VALUES('dep_1796004392513_kkw9nz8q',9,1,1796004397354,'Done',1796004396678,'AwaitReadiness');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',0,0,1796004399385,'Done',1796004399385,'ClaimName');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',1,1,1796004399491,'Done',1796004399423,'EnsureProject');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',2,1,1796004399504,'Done',1796004399491,'EnsureApplication');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',3,1,1796004399512,'Done',1796004399504,'Configure');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',4,1,1796004399529,'Done',1796004399512,'EnsureVolumes');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',5,1,1796004399547,'Done',1796004399529,'EnsureDomain');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',6,1,1796004399598,'Done',1796004399547,'TriggerDeploy');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',7,1,1796004399644,'Done',1796004399598,'AwaitDokploy');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',8,1,1796004399658,'Done',1796004399644,'AwaitContainer');
INSERT INTO deployment_steps VALUES('dep_1796004399385_njfkcdsv',9,1,1796004400010,'Done',1796004399658,'AwaitReadiness');
INSERT INTO deployment_steps VALUES('dep_1796004401315_q2x3tvgs',0,0,1796004401315,'Done',1796004401315,'ClaimName');
INSERT INTO deployment_steps VALUES('dep_1796004401315_q2x3tvgs',1,1,1796004401411,'Done',1796004401378,'EnsureProject');
INSERT INTO deployment_steps VALUES('dep_1796004401315_q2x3tvgs',2,1,1796004401422,'Done',1796004401411,'EnsureApplication');
INSERT INTO deployment_steps VALUES('dep_1796004401315_q2x3tvgs',3,1,1796004401440,'Done',1796004401422,'Configure');
INSERT INTO deployment_steps VALUES('dep_1796004401315_q2x3tvgs',4,1,1796004401496,'Done',1796004401440,'EnsureVolumes');
INSERT INTO deployment_steps VALUES('dep_1796004401315_q2x3tvgs',5,1,NULL,'Running',1796004401496,'EnsureDomain');
INSERT INTO deployment_steps VALUES('dep_1796004401864_94zqpx7j',0,0,1796004401864,'Done',1796004401864,'AcceptDelete');
INSERT INTO deployment_steps VALUES('dep_1796004401864_94zqpx7j',1,1,1796004402262,'Done',1796004402109,'RemoveApplication');
INSERT INTO deployment_steps VALUES('dep_1796004401864_94zqpx7j',2,1,1796004402292,'Done',1796004402262,'RemoveDomain');
INSERT INTO deployment_steps VALUES('dep_1796004401864_94zqpx7j',3,1,NULL,'Running',1796004402292,'RemoveProject');
CREATE TABLE IF NOT EXISTS "data_protection_keys" (
    "id" INTEGER NOT NULL CONSTRAINT "pk_data_protection_keys" PRIMARY KEY AUTOINCREMENT,
    "friendly_name" TEXT NULL,
    "xml" TEXT NULL
);
CREATE TABLE IF NOT EXISTS "access_tokens" (
    "id" TEXT NOT NULL CONSTRAINT "pk_access_tokens" PRIMARY KEY,
    "person_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "ends_at" INTEGER NOT NULL,
    "used_at" INTEGER NULL,
    "revoked_at" INTEGER NULL
);
CREATE TABLE IF NOT EXISTS "audit_entries" (
    "id" TEXT NOT NULL CONSTRAINT "pk_audit_entries" PRIMARY KEY,
    "at" INTEGER NOT NULL,
    "actor_id" TEXT NULL,
    "actor_name" TEXT NULL,
    "way" TEXT NOT NULL,
    "address" TEXT NULL,
    "token_name" TEXT NULL,
    "action" TEXT NOT NULL,
    "target_id" TEXT NULL,
    "target_name" TEXT NULL,
    "owner_id" TEXT NULL,
    "outcome" TEXT NOT NULL,
    "detail" TEXT NULL
);
INSERT INTO audit_entries VALUES('aud_1796004394777_kgqrnzgc',1796004394777,'usr_bb2hxcn3kctfbhscvp6f',NULL,'Rest','127.0.0.1',NULL,'stack.deploy','stk_1796004392514_3jxvh58r','piet-lab',NULL,'Done','dep_1796004392513_kkw9nz8q');
INSERT INTO audit_entries VALUES('aud_1796004395293_f3z2vkg6',1796004395293,'usr_bb2hxcn3kctfbhscvp6f',NULL,'Rest','127.0.0.1',NULL,'credentials.show','stk_1796004392514_3jxvh58r','piet-lab',NULL,'Done',NULL);
INSERT INTO audit_entries VALUES('aud_1796004399416_fgmm6fmx',1796004399416,'usr_bb2hxcn3kctfbhscvp6f',NULL,'Rest','127.0.0.1',NULL,'stack.deploy','stk_1796004399385_scbn5gxg','noor-lab',NULL,'Done','dep_1796004399385_njfkcdsv');
INSERT INTO audit_entries VALUES('aud_1796004399418_qxkpxpz9',1796004399418,'usr_bb2hxcn3kctfbhscvp6f',NULL,'Rest','127.0.0.1',NULL,'credentials.show','stk_1796004399385_scbn5gxg','noor-lab',NULL,'Done',NULL);
INSERT INTO audit_entries VALUES('aud_1796004401356_tsm6fbkk',1796004401356,'usr_bb2hxcn3kctfbhscvp6f',NULL,'Rest','127.0.0.1',NULL,'stack.deploy','stk_1796004401315_np5ztjqn','design-lab',NULL,'Done','dep_1796004401315_q2x3tvgs');
INSERT INTO audit_entries VALUES('aud_1796004401359_69tb6n6p',1796004401359,'usr_bb2hxcn3kctfbhscvp6f',NULL,'Rest','127.0.0.1',NULL,'credentials.show','stk_1796004401315_np5ztjqn','design-lab',NULL,'Done',NULL);
INSERT INTO audit_entries VALUES('aud_1796004402098_9vz75bb9',1796004402098,'usr_bb2hxcn3kctfbhscvp6f',NULL,'Rest','127.0.0.1',NULL,'stack.delete','stk_1796004399385_scbn5gxg','noor-lab',NULL,'Done','dep_1796004401864_94zqpx7j');
CREATE TABLE IF NOT EXISTS "OpenIddictApplications" (
    "id" TEXT NOT NULL CONSTRAINT "pk_open_iddict_applications" PRIMARY KEY,
    "application_type" TEXT NULL,
    "client_id" TEXT NULL,
    "client_secret" TEXT NULL,
    "client_type" TEXT NULL,
    "concurrency_token" TEXT NULL,
    "consent_type" TEXT NULL,
    "display_name" TEXT NULL,
    "display_names" TEXT NULL,
    "json_web_key_set" TEXT NULL,
    "permissions" TEXT NULL,
    "post_logout_redirect_uris" TEXT NULL,
    "properties" TEXT NULL,
    "redirect_uris" TEXT NULL,
    "requirements" TEXT NULL,
    "settings" TEXT NULL
);
CREATE TABLE IF NOT EXISTS "OpenIddictScopes" (
    "id" TEXT NOT NULL CONSTRAINT "pk_open_iddict_scopes" PRIMARY KEY,
    "concurrency_token" TEXT NULL,
    "description" TEXT NULL,
    "descriptions" TEXT NULL,
    "display_name" TEXT NULL,
    "display_names" TEXT NULL,
    "name" TEXT NULL,
    "properties" TEXT NULL,
    "resources" TEXT NULL
);
CREATE TABLE IF NOT EXISTS "people" (
    "id" TEXT NOT NULL CONSTRAINT "pk_people" PRIMARY KEY,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "groups" TEXT NOT NULL,
    "first_seen_at" INTEGER NOT NULL,
    "signed_in_at" INTEGER NOT NULL,
    "stack_limit" INTEGER NULL
);
CREATE TABLE IF NOT EXISTS "sessions" (
    "id" TEXT NOT NULL CONSTRAINT "pk_sessions" PRIMARY KEY,
    "key_hash" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "seen_at" INTEGER NOT NULL,
    "ends_at" INTEGER NOT NULL,
    "ended_at" INTEGER NULL,
    "address" TEXT NULL,
    "browser" TEXT NULL
);
CREATE TABLE IF NOT EXISTS "OpenIddictAuthorizations" (
    "id" TEXT NOT NULL CONSTRAINT "pk_open_iddict_authorizations" PRIMARY KEY,
    "application_id" TEXT NULL,
    "concurrency_token" TEXT NULL,
    "creation_date" TEXT NULL,
    "properties" TEXT NULL,
    "scopes" TEXT NULL,
    "status" TEXT NULL,
    "subject" TEXT NULL,
    "type" TEXT NULL,
    CONSTRAINT "fk_open_iddict_authorizations_open_iddict_applications_application_id" FOREIGN KEY ("application_id") REFERENCES "OpenIddictApplications" ("id")
);
CREATE TABLE IF NOT EXISTS "OpenIddictTokens" (
    "id" TEXT NOT NULL CONSTRAINT "pk_open_iddict_tokens" PRIMARY KEY,
    "application_id" TEXT NULL,
    "authorization_id" TEXT NULL,
    "concurrency_token" TEXT NULL,
    "creation_date" TEXT NULL,
    "expiration_date" TEXT NULL,
    "payload" TEXT NULL,
    "properties" TEXT NULL,
    "redemption_date" TEXT NULL,
    "reference_id" TEXT NULL,
    "status" TEXT NULL,
    "subject" TEXT NULL,
    "type" TEXT NULL,
    CONSTRAINT "fk_open_iddict_tokens_open_iddict_applications_application_id" FOREIGN KEY ("application_id") REFERENCES "OpenIddictApplications" ("id"),
    CONSTRAINT "fk_open_iddict_tokens_open_iddict_authorizations_authorization_id" FOREIGN KEY ("authorization_id") REFERENCES "OpenIddictAuthorizations" ("id")
);
DELETE FROM sqlite_sequence;
CREATE INDEX "ix_deployments_finished_at" ON "deployments" ("finished_at");
CREATE UNIQUE INDEX "ix_deployments_owner_id_request_id" ON "deployments" ("owner_id", "request_id");
CREATE INDEX "ix_deployments_phase_created_at" ON "deployments" ("phase", "created_at");
CREATE INDEX "ix_deployments_stack_id" ON "deployments" ("stack_id");
CREATE INDEX "ix_name_holds_holder_id" ON "name_holds" ("holder_id");
CREATE INDEX "ix_name_holds_until" ON "name_holds" ("until");
CREATE UNIQUE INDEX "ix_stacks_name" ON "stacks" ("name") WHERE released_at IS NULL;
CREATE INDEX "ix_stacks_owner_id" ON "stacks" ("owner_id");
CREATE UNIQUE INDEX "ix_deployments_request_id" ON "deployments" ("request_id") WHERE kind <> 'deploy';
CREATE UNIQUE INDEX "ix_access_tokens_hash" ON "access_tokens" ("hash");
CREATE INDEX "ix_access_tokens_person_id" ON "access_tokens" ("person_id");
CREATE UNIQUE INDEX "ix_open_iddict_applications_client_id" ON "OpenIddictApplications" ("client_id");
CREATE INDEX "ix_open_iddict_authorizations_application_id_status_subject_type" ON "OpenIddictAuthorizations" ("application_id", "status", "subject", "type");
CREATE UNIQUE INDEX "ix_open_iddict_scopes_name" ON "OpenIddictScopes" ("name");
CREATE INDEX "ix_open_iddict_tokens_application_id_status_subject_type" ON "OpenIddictTokens" ("application_id", "status", "subject", "type");
CREATE INDEX "ix_open_iddict_tokens_authorization_id" ON "OpenIddictTokens" ("authorization_id");
CREATE UNIQUE INDEX "ix_open_iddict_tokens_reference_id" ON "OpenIddictTokens" ("reference_id");
CREATE UNIQUE INDEX "ix_sessions_key_hash" ON "sessions" ("key_hash");
CREATE INDEX "ix_sessions_person_id" ON "sessions" ("person_id");
COMMIT;
