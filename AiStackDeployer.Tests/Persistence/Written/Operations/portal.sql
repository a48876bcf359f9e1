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
INSERT INTO stacks VALUES('stk_1795957626560_7pvwnv2j','piet-lab','usr_73fe74a05926c323a9bf5dec6bbac25d',1795957626560,'http://piet-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8EA5L4WTlpNMmlgDX6ctikiIS3dWaKUI6WBKX3U-o0vvjRJBYBhzpv9gWxL5ISJu3YFVgLh2TQaT9qwWYz4osmOMK8cGeYm4XTq58q9eyYDjBdlgtYN7rk8Fi5J7y76JqZDxZ1t54pTYkMg7l1KfL0U','Ready',1795957631749,NULL,NULL,1,'dep_1795957626555_58qc5dt5','kkPnN6TDG6J342wxMLUYF','mob7beHeoocRyEgi6RYfV','puSxbPbeWu4vvQhj-ZpU4','ai-stack-piet-lab-0pnuw4','RG_hAYWV-12qWKXv3GMok',5);
INSERT INTO stacks VALUES('stk_1795957628423_6dj8ffj2','noor-lab','usr_73fe74a05926c323a9bf5dec6bbac25d',1795957628423,'http://noor-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8EA5L4WTlpNMmlgDX6ctikg719a0quuGsIV4Y9__aL-esc4G-zir4zENhcp5Od3NtJ3N91ZQJXzEYKfCQcSxzN6uEYQktmlhYBoDNYj-KgF8aGWNjCGusPFbYPMAL-OlwuuBsbxlgagiuIiVhictmL8','Deleting',1795957631744,NULL,NULL,1,'dep_1795957633688_gvdtd4pw','A_0jSiq0ARVvH387cXwCs','NB2cFVHto6h4BbgdPX_UM','zysTW1klZTHqQxZMy912f','ai-stack-noor-lab-xgu5b0','-jVEwWgCl1daSU9_BoXXq',6);
INSERT INTO stacks VALUES('stk_1795957636693_6jwxd9vn','design-lab','usr_73fe74a05926c323a9bf5dec6bbac25d',1795957636693,'http://design-lab.ai.localhost:3101','/terminal/','emulated/opencode-stack:1.18.33','opencode','CfDJ8EA5L4WTlpNMmlgDX6ctikgdmIP49tbK9Xrsexbc7i-AVI6OxJdp9tYbvbdQAC36-fsdx4ve-h1Z2Z6mmeFs_qWcJij3KpLLu414rf_arPs-p7Gs1J0mNZx3IZMfpcab5rh2bj2sv4BBQLdv_M_LjI4','Creating',NULL,NULL,NULL,NULL,'dep_1795957636692_zq6ndmkk','6oOaTnghn3vHYXZWDyJoF','zR3BOP1Tw1Dv9jRGzUSzo','7jW7Ml3vMKKs4SXinI_hy','ai-stack-design-lab-gnuibv',NULL,3);
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
INSERT INTO deployments VALUES('dep_1795957626555_58qc5dt5','stk_1795957626560_7pvwnv2j','piet-lab','usr_73fe74a05926c323a9bf5dec6bbac25d','key:007dce738fc55213caa383b17ee5fdf7f6f40f04a5796a1d2a9bd636721e35c1','755503a2cb27842c88bed30727fa6b58',1795957626560,'Completed','AwaitReadiness',100,1,1795957629112,1795957631749,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','6a2de020e3a3627b',NULL);
INSERT INTO deployments VALUES('dep_1795957628423_6xxxkqhc','stk_1795957628423_6dj8ffj2','noor-lab','usr_73fe74a05926c323a9bf5dec6bbac25d','key:1b8745f8a609911bc2215e443e7867fa6858babf97744987dcada8a4e78449b5','f0bfd3bec3f224ed45cc79285f435f75',1795957628423,'Completed','AwaitReadiness',100,1,1795957629046,1795957631744,NULL,NULL,NULL,1,1,29,17,0,NULL,'deploy','42a08ed6cfb39e5f',NULL);
INSERT INTO deployments VALUES('dep_1795957633688_gvdtd4pw','stk_1795957628423_6dj8ffj2','noor-lab','usr_73fe74a05926c323a9bf5dec6bbac25d','delete:b666736c69e4afa42f0a55ccee5f27b782d4ca9039c52f6bcd8153644bcb562e','064514969a6e92b2f4507d348a956201',1795957633688,'Running','RemoveProject',45,1,1795957634061,NULL,NULL,NULL,NULL,0,0,8,6,0,'["ai-stack-stk_1795957628423_6dj8ffj2-workspace","ai-stack-stk_1795957628423_6dj8ffj2-state"]','delete','8bded4cd9257da1e','Ready');
INSERT INTO deployments VALUES('dep_1795957636692_zq6ndmkk','stk_1795957636693_6jwxd9vn','design-lab','usr_73fe74a05926c323a9bf5dec6bbac25d','key:b3a7143fa051630c2baf673b497a42613d4aef8a30161edc85f0774b1523a438','b1e26bf2c1d5c8c50fa35b50b8733f1d',1795957636693,'Running','EnsureDomain',21,1,1795957636956,NULL,NULL,NULL,NULL,0,1,12,9,0,NULL,'deploy','77c20b53444fbc7e',NULL);
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
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',1,1795957626560,'Log','Queued','ClaimName',0,'NameClaimed','piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',1,1795957628423,'Log','Queued','ClaimName',0,'NameClaimed','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',2,1795957629046,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',2,1795957629112,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',3,1795957629244,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',3,1795957629240,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',4,1795957629542,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',5,1795957629542,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',4,1795957629557,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-piet-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',5,1795957629557,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',6,1795957629943,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-noor-lab-xgu5b0',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',7,1795957629943,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',6,1795957629945,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-piet-lab-0pnuw4',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',7,1795957629945,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',8,1795957630066,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',9,1795957630066,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',8,1795957630068,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',9,1795957630068,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',10,1795957630213,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795957626560_7pvwnv2j-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',10,1795957630222,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795957628423_6dj8ffj2-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',11,1795957630498,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795957628423_6dj8ffj2-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',12,1795957630537,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',11,1795957630686,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795957626560_7pvwnv2j-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',12,1795957630695,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',13,1795957630949,'Log','Running','EnsureDomain',21,'DomainCreated','noor-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',14,1795957630949,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',13,1795957630946,'Log','Running','EnsureDomain',21,'DomainCreated','piet-lab.ai.localhost',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',14,1795957630946,'Progress','Running','TriggerDeploy',25,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',15,1795957631054,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',16,1795957631054,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',15,1795957631039,'Log','Running','TriggerDeploy',25,'DeployAccepted',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',16,1795957631039,'Progress','Running','AwaitDokploy',28,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',17,1795957631219,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',18,1795957631219,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',19,1795957631219,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',20,1795957631219,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',21,1795957631219,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',22,1795957631219,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',23,1795957631219,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',17,1795957631211,'Log','Running','AwaitDokploy',28,'Raw','Initializing deployment',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',18,1795957631211,'Log','Running','AwaitDokploy',28,'Raw','Pulling emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',19,1795957631211,'Log','Running','AwaitDokploy',28,'Raw','1.18.33: Pulling from emulated/opencode-stack',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',20,1795957631211,'Log','Running','AwaitDokploy',28,'Raw','Digest: sha256:9ddafbe74b9c976edfe898d980de65b61c38666968ca6e572898c6fdc6eaf912',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',21,1795957631211,'Log','Running','AwaitDokploy',28,'Raw','Status: Image is up to date for emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',22,1795957631211,'Log','Running','AwaitDokploy',28,'Raw','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',23,1795957631211,'Log','Running','AwaitDokploy',28,'Raw','✅ Pulling image completed.',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',24,1795957631241,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',25,1795957631241,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',24,1795957631248,'Log','Running','AwaitDokploy',28,'DokployDone',NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',25,1795957631248,'Progress','Running','AwaitContainer',38,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',26,1795957631344,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',26,1795957631335,'Log','Running','AwaitContainer',38,'TaskState','Running',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',27,1795957631354,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',27,1795957631365,'Progress','Running','AwaitReadiness',55,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',28,1795957631744,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795957628423_6xxxkqhc',29,1795957631744,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',28,1795957631749,'Log','Running','AwaitReadiness',55,'TerminalAnswers','/terminal/',NULL);
INSERT INTO deployment_events VALUES('dep_1795957626555_58qc5dt5',29,1795957631749,'Complete','Completed','AwaitReadiness',100,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',1,1795957633688,'Log','Queued','AcceptDelete',0,'DeleteAccepted','noor-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',2,1795957634061,'Progress','Running','AcceptDelete',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',3,1795957634064,'Progress','Running','RemoveApplication',5,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',4,1795957634305,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795957628423_6dj8ffj2-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',5,1795957634305,'Log','Running','RemoveApplication',5,'VolumeKept','ai-stack-stk_1795957628423_6dj8ffj2-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',6,1795957634343,'Log','Running','RemoveApplication',5,'ApplicationRemoved','ai-stack-noor-lab-xgu5b0',NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',7,1795957634348,'Progress','Running','RemoveDomain',35,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957633688_gvdtd4pw',8,1795957634375,'Progress','Running','RemoveProject',45,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',1,1795957636693,'Log','Queued','ClaimName',0,'NameClaimed','design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',2,1795957636956,'Progress','Running','ClaimName',0,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',3,1795957636959,'Progress','Running','EnsureProject',3,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',4,1795957637080,'Log','Running','EnsureProject',3,'ProjectCreated','ai-stack-design-lab',NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',5,1795957637080,'Progress','Running','EnsureApplication',7,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',6,1795957637103,'Log','Running','EnsureApplication',7,'ApplicationCreated','ai-stack-design-lab-gnuibv',NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',7,1795957637103,'Progress','Running','Configure',12,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',8,1795957637186,'Log','Running','Configure',12,'Configured','emulated/opencode-stack:1.18.33',NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',9,1795957637186,'Progress','Running','EnsureVolumes',16,NULL,NULL,NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',10,1795957637234,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795957636693_6jwxd9vn-workspace',NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',11,1795957637294,'Log','Running','EnsureVolumes',16,'VolumeCreated','ai-stack-stk_1795957636693_6jwxd9vn-state',NULL);
INSERT INTO deployment_events VALUES('dep_1795957636692_zq6ndmkk',12,1795957637367,'Progress','Running','EnsureDomain',21,NULL,NULL,NULL);
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
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',0,0,1795957626560,'Done',1795957626560,'ClaimName');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',0,0,1795957628423,'Done',1795957628423,'ClaimName');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',1,1,1795957629542,'Done',1795957629244,'EnsureProject');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',1,1,1795957629557,'Done',1795957629240,'EnsureProject');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',2,1,1795957629943,'Done',1795957629542,'EnsureApplication');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',2,1,1795957629945,'Done',1795957629557,'EnsureApplication');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',3,1,1795957630066,'Done',1795957629943,'Configure');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',3,1,1795957630068,'Done',1795957629945,'Configure');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',4,1,1795957630537,'Done',1795957630066,'EnsureVolumes');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',4,1,1795957630695,'Done',1795957630068,'EnsureVolumes');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',5,1,1795957630949,'Done',1795957630537,'EnsureDomain');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',5,1,1795957630946,'Done',1795957630695,'EnsureDomain');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',6,1,1795957631039,'Done',1795957630949,'TriggerDeploy');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',6,1,1795957631054,'Done',1795957630946,'TriggerDeploy');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',7,1,1795957631241,'Done',1795957631054,'AwaitDokploy');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',7,1,1795957631248,'Done',1795957631039,'AwaitDokploy');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',8,1,1795957631365,'Done',1795957631241,'AwaitContainer');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',8,1,1795957631354,'Done',1795957631248,'AwaitContainer');
INSERT INTO deployment_steps VALUES('dep_1795957628423_6xxxkqhc',9,1,1795957631744,'Done',1795957631354,'AwaitReadiness');
INSERT INTO deployment_steps VALUES('dep_1795957626555_58qc5dt5',9,1,1795957631749,'Done',1795957631365,'AwaitReadiness');
INSERT INTO deployment_steps VALUES('dep_1795957633688_gvdtd4pw',0,0,1795957633688,'Done',1795957633688,'AcceptDelete');
INSERT INTO deployment_steps VALUES('dep_1795957633688_gvdtd4pw',1,1,1795957634348,'Done',1795957634064,'RemoveApplication');
INSERT INTO deployment_steps VALUES('dep_1795957633688_gvdtd4pw',2,1,1795957634375,'Done',1795957634348,'RemoveDomain');
INSERT INTO deployment_steps VALUES('dep_1795957633688_gvdtd4pw',3,1,NULL,'Running',1795957634375,'RemoveProject');
INSERT INTO deployment_steps VALUES('dep_1795957636692_zq6ndmkk',0,0,1795957636693,'Done',1795957636693,'ClaimName');
INSERT INTO deployment_steps VALUES('dep_1795957636692_zq6ndmkk',1,1,1795957637080,'Done',1795957636959,'EnsureProject');
INSERT INTO deployment_steps VALUES('dep_1795957636692_zq6ndmkk',2,1,1795957637103,'Done',1795957637080,'EnsureApplication');
INSERT INTO deployment_steps VALUES('dep_1795957636692_zq6ndmkk',3,1,1795957637186,'Done',1795957637103,'Configure');
INSERT INTO deployment_steps VALUES('dep_1795957636692_zq6ndmkk',4,1,1795957637367,'Done',1795957637186,'EnsureVolumes');
INSERT INTO deployment_steps VALUES('dep_1795957636692_zq6ndmkk',5,1,NULL,'Running',1795957637367,'EnsureDomain');
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
