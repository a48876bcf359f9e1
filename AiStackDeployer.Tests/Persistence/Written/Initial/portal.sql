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
INSERT INTO stacks VALUES('stk_1795528759652_cr8m2mqd','piet-lab','usr_9xxcxpnqgt7cg3cd9ttk',1795528759651,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8P5lSpFgZENPoxfMWOUCcJGs2U63IKvFJiwJiRz9Icd1VkgOdKP8aOYqrvIns6FpELcu_3BXEYvheGAPTyXjurRQZ-8g5SKRFz0ebGxZbrLi-r9d9QUMbp1UN_jUE9RwEUonDDTFPwU3dCT4oj3lQ-c','Ready',1795528763510,NULL,NULL,1,'dep_1795528759651_c96z4fkn','nP9fBFohlSaQrFfHSVY5O','KxeKHZTxktmViT4W6XX-F','eeS8zwO3vu6ath6kPghqF','ai-stack-piet-lab-tz9m5g','UGV7pf51CJjZnhHOheN9b',4);
INSERT INTO stacks VALUES('stk_1795528763748_msv3qwk7','design-lab','usr_9xxcxpnqgt7cg3cd9ttk',1795528763748,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8P5lSpFgZENPoxfMWOUCcJEpI4AcZrh2WUnFY4OR1qEe69waK0hVLNXU9n1M63veDgqr2tUhqfL5ut7pbgVDZvbgAD7jzkIqtAz2ExA7W9U-RrQPiYjsbtSdyVbtJrHvdDJ6zVqPwis8eD4PfomUCcA','Creating',NULL,NULL,NULL,NULL,'dep_1795528763748_m893kqxs','U8uOA3cQPP0XIJz-Jj-ng','PyAKX9nFNP7aUEYQbLrYa','wpzvdbsIUgkq9DbN2lFHX','ai-stack-design-lab-k72840',NULL,2);
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
    "version" INTEGER NOT NULL,
    CONSTRAINT "fk_deployments_stacks_stack_id" FOREIGN KEY ("stack_id") REFERENCES "stacks" ("id") ON DELETE CASCADE
);
INSERT INTO deployments VALUES('dep_1795528759651_c96z4fkn','stk_1795528759652_cr8m2mqd','piet-lab','usr_9xxcxpnqgt7cg3cd9ttk','req_hqrw6d9sq4f64pj6jszb','63df3867b4881f0cfd27cb85025389dd',1795528759651,'Completed','AwaitReadiness',100,1,1795528761903,1795528763510,NULL,NULL,NULL,1,1,29,17);
INSERT INTO deployments VALUES('dep_1795528763748_m893kqxs','stk_1795528763748_msv3qwk7','design-lab','usr_9xxcxpnqgt7cg3cd9ttk','req_hfddm8gd2d6xw6prgsdg','75cfeeec8ef9a2d7fd56b1ba93049d79',1795528763748,'Running','EnsureDomain',21,1,1795528763825,NULL,NULL,NULL,NULL,0,1,12,9);
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
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',1,1795528759651,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',2,1795528761903,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',3,1795528762050,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',4,1795528762388,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',5,1795528762388,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',6,1795528762602,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-tz9m5g',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',7,1795528762602,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',8,1795528762663,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',9,1795528762663,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',10,1795528762713,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795528759652_cr8m2mqd-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',11,1795528762725,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795528759652_cr8m2mqd-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',12,1795528762732,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',13,1795528762794,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',14,1795528762794,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',15,1795528762918,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',16,1795528762918,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',17,1795528763017,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',18,1795528763017,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',19,1795528763017,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',20,1795528763017,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',21,1795528763017,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',22,1795528763017,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',23,1795528763017,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',24,1795528763029,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',25,1795528763029,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',26,1795528763132,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',27,1795528763144,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',28,1795528763510,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795528759651_c96z4fkn',29,1795528763510,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',1,1795528763748,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',2,1795528763825,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',3,1795528763841,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',4,1795528763882,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',5,1795528763882,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',6,1795528763917,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-k72840',NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',7,1795528763917,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',8,1795528763949,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',9,1795528763949,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',10,1795528763968,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795528763748_msv3qwk7-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',11,1795528763981,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795528763748_msv3qwk7-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795528763748_m893kqxs',12,1795528763996,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
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
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','ClaimName',1795528759651,1795528759651,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','EnsureProject',1795528762050,1795528762388,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','EnsureApplication',1795528762388,1795528762602,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','Configure',1795528762602,1795528762663,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','EnsureVolumes',1795528762663,1795528762732,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','EnsureDomain',1795528762732,1795528762794,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','TriggerDeploy',1795528762794,1795528762918,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','AwaitDokploy',1795528762918,1795528763029,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','AwaitContainer',1795528763029,1795528763144,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528759651_c96z4fkn','AwaitReadiness',1795528763144,1795528763510,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528763748_m893kqxs','ClaimName',1795528763748,1795528763748,'Done',0);
INSERT INTO deployment_steps VALUES('dep_1795528763748_m893kqxs','EnsureProject',1795528763841,1795528763882,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528763748_m893kqxs','EnsureApplication',1795528763882,1795528763917,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528763748_m893kqxs','Configure',1795528763917,1795528763949,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528763748_m893kqxs','EnsureVolumes',1795528763949,1795528763996,'Done',1);
INSERT INTO deployment_steps VALUES('dep_1795528763748_m893kqxs','EnsureDomain',1795528763996,NULL,'Running',1);
CREATE INDEX "ix_deployments_finished_at" ON "deployments" ("finished_at");
CREATE UNIQUE INDEX "ix_deployments_owner_id_request_id" ON "deployments" ("owner_id", "request_id");
CREATE INDEX "ix_deployments_phase_created_at" ON "deployments" ("phase", "created_at");
CREATE INDEX "ix_deployments_stack_id" ON "deployments" ("stack_id");
CREATE INDEX "ix_name_holds_holder_id" ON "name_holds" ("holder_id");
CREATE INDEX "ix_name_holds_until" ON "name_holds" ("until");
CREATE UNIQUE INDEX "ix_stacks_name" ON "stacks" ("name") WHERE released_at IS NULL;
CREATE INDEX "ix_stacks_owner_id" ON "stacks" ("owner_id");
COMMIT;
