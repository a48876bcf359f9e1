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
CREATE TABLE "__EFMigrationsLock" (
    "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY,
    "Timestamp" TEXT NOT NULL
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
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',1,1795969585943,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',2,1795969586509,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',3,1795969586533,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',4,1795969586600,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',5,1795969586600,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',6,1795969586662,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-5fgllk',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',7,1795969586662,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',8,1795969586688,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',9,1795969586688,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',10,1795969586713,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795969585944_83vsqsd5-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',11,1795969586718,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795969585944_83vsqsd5-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',12,1795969586720,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',13,1795969586742,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',14,1795969586742,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',15,1795969586782,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',16,1795969586782,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',17,1795969586815,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',18,1795969586815,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',19,1795969586815,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',20,1795969586815,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',21,1795969586815,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',22,1795969586815,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',23,1795969586815,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',24,1795969586817,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',25,1795969586817,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',26,1795969586851,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',27,1795969586855,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',28,1795969587212,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969585943_m5xpk96f',29,1795969587212,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',1,1795969587314,'Log','Queued','ClaimName',0,'NameClaimed','noor-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',2,1795969587325,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',3,1795969587328,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',4,1795969587342,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-noor-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',5,1795969587342,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',6,1795969587349,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-noor-lab-jxva0b',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',7,1795969587349,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',8,1795969587355,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',9,1795969587355,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',10,1795969587362,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795969587314_hkpxs99f-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',11,1795969587368,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795969587314_hkpxs99f-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',12,1795969587410,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',13,1795969587418,'Log','Running','EnsureDomain',21,'DomainCreated','noor-lab.ai.localhost',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',14,1795969587418,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',15,1795969587425,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',16,1795969587425,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',17,1795969587432,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',18,1795969587432,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',19,1795969587432,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',20,1795969587432,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',21,1795969587432,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',22,1795969587432,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',23,1795969587432,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',24,1795969587436,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',25,1795969587436,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',26,1795969587440,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',27,1795969587443,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',28,1795969587757,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587314_wmqfk888',29,1795969587757,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',1,1795969587971,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',2,1795969587978,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',3,1795969587982,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',4,1795969587995,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',5,1795969587995,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',6,1795969588001,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-aevro4',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',7,1795969588001,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',8,1795969588007,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',9,1795969588007,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',10,1795969588014,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795969587971_6h3kr22w-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',11,1795969588021,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795969587971_6h3kr22w-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969587971_75tphj4k',12,1795969588024,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',1,1795969588049,'Log','Queued','AcceptDelete',0,'DeleteAccepted','noor-lab',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',2,1795969588146,'Progress','Running','AcceptDelete',0,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',3,1795969588153,'Progress','Running','RemoveApplication',5,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',4,1795969588203,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795969587314_hkpxs99f-workspace',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',5,1795969588203,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795969587314_hkpxs99f-state',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',6,1795969588221,'Log','Running','RemoveApplication',5,'ApplicationRemoved','ai-stack-noor-lab-jxva0b',NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',7,1795969588225,'Progress','Running','RemoveDomain',35,NULL,NULL,NULL);
INSERT INTO "deployment_events" VALUES('dep_1795969588049_v78wsc5g',8,1795969588243,'Progress','Running','RemoveProject',45,NULL,NULL,NULL);
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
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',0,0,1795969585943,'Done',1795969585943,'ClaimName');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',1,1,1795969586600,'Done',1795969586533,'EnsureProject');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',2,1,1795969586662,'Done',1795969586600,'EnsureApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',3,1,1795969586688,'Done',1795969586662,'Configure');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',4,1,1795969586720,'Done',1795969586688,'EnsureVolumes');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',5,1,1795969586742,'Done',1795969586720,'EnsureDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',6,1,1795969586782,'Done',1795969586742,'TriggerDeploy');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',7,1,1795969586817,'Done',1795969586782,'AwaitDokploy');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',8,1,1795969586855,'Done',1795969586817,'AwaitContainer');
INSERT INTO "deployment_steps" VALUES('dep_1795969585943_m5xpk96f',9,1,1795969587212,'Done',1795969586855,'AwaitReadiness');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',0,0,1795969587314,'Done',1795969587314,'ClaimName');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',1,1,1795969587342,'Done',1795969587328,'EnsureProject');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',2,1,1795969587349,'Done',1795969587342,'EnsureApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',3,1,1795969587355,'Done',1795969587349,'Configure');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',4,1,1795969587410,'Done',1795969587355,'EnsureVolumes');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',5,1,1795969587418,'Done',1795969587410,'EnsureDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',6,1,1795969587425,'Done',1795969587418,'TriggerDeploy');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',7,1,1795969587436,'Done',1795969587425,'AwaitDokploy');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',8,1,1795969587443,'Done',1795969587436,'AwaitContainer');
INSERT INTO "deployment_steps" VALUES('dep_1795969587314_wmqfk888',9,1,1795969587757,'Done',1795969587443,'AwaitReadiness');
INSERT INTO "deployment_steps" VALUES('dep_1795969587971_75tphj4k',0,0,1795969587971,'Done',1795969587971,'ClaimName');
INSERT INTO "deployment_steps" VALUES('dep_1795969587971_75tphj4k',1,1,1795969587995,'Done',1795969587982,'EnsureProject');
INSERT INTO "deployment_steps" VALUES('dep_1795969587971_75tphj4k',2,1,1795969588001,'Done',1795969587995,'EnsureApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795969587971_75tphj4k',3,1,1795969588007,'Done',1795969588001,'Configure');
INSERT INTO "deployment_steps" VALUES('dep_1795969587971_75tphj4k',4,1,1795969588024,'Done',1795969588007,'EnsureVolumes');
INSERT INTO "deployment_steps" VALUES('dep_1795969587971_75tphj4k',5,1,NULL,'Running',1795969588024,'EnsureDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795969588049_v78wsc5g',0,0,1795969588049,'Done',1795969588049,'AcceptDelete');
INSERT INTO "deployment_steps" VALUES('dep_1795969588049_v78wsc5g',1,1,1795969588225,'Done',1795969588153,'RemoveApplication');
INSERT INTO "deployment_steps" VALUES('dep_1795969588049_v78wsc5g',2,1,1795969588243,'Done',1795969588225,'RemoveDomain');
INSERT INTO "deployment_steps" VALUES('dep_1795969588049_v78wsc5g',3,1,NULL,'Running',1795969588243,'RemoveProject');
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
INSERT INTO "deployments" VALUES('dep_1795969585943_m5xpk96f','stk_1795969585944_83vsqsd5','piet-lab','usr_kjdw6c4pk6fgwm3rg6j4','req_hct5xchqkwhsvmbzrp6p','c3b61c8853ed1ce66ea783a6026b726d',1795969585943,'Completed','AwaitReadiness',100,1,1795969586509,1795969587212,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','30a1d3b9a5d71e0a',NULL);
INSERT INTO "deployments" VALUES('dep_1795969587314_wmqfk888','stk_1795969587314_hkpxs99f','noor-lab','usr_kjdw6c4pk6fgwm3rg6j4','req_zg93k9tm27twpqdq5xgq','baea809d9bba408915327501ddc79ce6',1795969587314,'Completed','AwaitReadiness',100,1,1795969587325,1795969587757,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','807cf9462104bd42',NULL);
INSERT INTO "deployments" VALUES('dep_1795969587971_75tphj4k','stk_1795969587971_6h3kr22w','design-lab','usr_kjdw6c4pk6fgwm3rg6j4','req_wdxdtx8x2b5cpg4vj4ms','33b4f3fcb55e2a61aa7a70a69a4b4870',1795969587971,'Running','EnsureDomain',21,1,1795969587978,NULL,NULL,NULL,NULL,0,1,12,9,0,NULL,'deploy','c2892910e449bc36',NULL);
INSERT INTO "deployments" VALUES('dep_1795969588049_v78wsc5g','stk_1795969587314_hkpxs99f','noor-lab','usr_kjdw6c4pk6fgwm3rg6j4','req_5xqv7zbn3jqbdpsprhf6','4e8bb5422f8cd61508fdc9d9501c6139',1795969588049,'Running','RemoveProject',45,1,1795969588146,NULL,NULL,NULL,NULL,0,0,8,6,0,'["ai-stack-stk_1795969587314_hkpxs99f-workspace","ai-stack-stk_1795969587314_hkpxs99f-state"]','delete','3015d9eb22727373','Ready');
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
INSERT INTO "stacks" VALUES('stk_1795969585944_83vsqsd5','piet-lab','usr_kjdw6c4pk6fgwm3rg6j4',1795969585943,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8Hl5t84RNj9Nm6swogQywlv9bWSMPm6RroJv6No5rv6HzIa_gYmkjujZnQ7m8157zgenrc6RFJdpfFJ-7XKwNuyjGF1mrAkfZN_MkgEluCr9aOiN_lgSlbydIdO-z-ftduKg_CwXORFGoUKnWmyhDrg','Ready',1795969587212,NULL,NULL,1,'dep_1795969585943_m5xpk96f','oEzt8m9g71U2VNgKzKVOb','2602TVvVh_yWS-kJQFz0C','4x0-5XC0fGV40pznkbkxy','ai-stack-piet-lab-5fgllk','HuNsdm2mFNJUyPw-KrPCU',5,NULL,NULL,'/global/health',1795969587212,1795969587212,'Answering','1.18.33');
INSERT INTO "stacks" VALUES('stk_1795969587314_hkpxs99f','noor-lab','usr_kjdw6c4pk6fgwm3rg6j4',1795969587314,'http://noor-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8Hl5t84RNj9Nm6swogQywlteFfgX8KgiVDnr6q204PnYcY-2Tjz12m7rbTRJULkpA4KPWAn5OIgJrRmfnMJjt5Btgh5j8JOEggBmShyB92S5M4X0kFkfE5t-aG8axXIV-6gyKDU7cs2IoCGt8r9-nvA','Deleting',1795969587757,NULL,NULL,1,'dep_1795969588049_v78wsc5g','AQT6zeLVDnWvjzuLgS2od','A6vlW59_ERFPW4l5juCKv','Ic7nBaHU2aRUAX9MXG0x2','ai-stack-noor-lab-jxva0b','ccqD2XwvnCR93c59dUoZ1',6,NULL,NULL,'/global/health',1795969587757,1795969587757,'Answering','1.18.33');
INSERT INTO "stacks" VALUES('stk_1795969587971_6h3kr22w','design-lab','usr_kjdw6c4pk6fgwm3rg6j4',1795969587971,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8Hl5t84RNj9Nm6swogQywlsRuHv_i-VFKd6EhZwTYqsajzI-fCVIDJKujPNd7tTcXenVJuRzYgLGz1QVj8zGBb8WPmKFo-zlq1Q5CmXMhQfkZvvhoVE_GdpP3Pu2_BC84t0pDbZEgYSVeOhBr-r5VuY','Creating',NULL,NULL,NULL,NULL,'dep_1795969587971_75tphj4k','ZNNqloOktjaQa8Va1Nyxp','elyk6nqN6osS_10srWAsQ','fB8OTMxOktb4yAHOHkzKK','ai-stack-design-lab-aevro4',NULL,3,NULL,NULL,NULL,NULL,NULL,'NotLookedAtYet',NULL);
CREATE INDEX "ix_deployments_finished_at" ON "deployments" ("finished_at");
CREATE UNIQUE INDEX "ix_deployments_owner_id_request_id" ON "deployments" ("owner_id", "request_id");
CREATE INDEX "ix_deployments_phase_created_at" ON "deployments" ("phase", "created_at");
CREATE INDEX "ix_deployments_stack_id" ON "deployments" ("stack_id");
CREATE INDEX "ix_name_holds_holder_id" ON "name_holds" ("holder_id");
CREATE INDEX "ix_name_holds_until" ON "name_holds" ("until");
CREATE UNIQUE INDEX "ix_stacks_name" ON "stacks" ("name") WHERE released_at IS NULL;
CREATE INDEX "ix_stacks_owner_id" ON "stacks" ("owner_id");
CREATE UNIQUE INDEX "ix_deployments_request_id" ON "deployments" ("request_id") WHERE kind <> 'deploy';
COMMIT;
