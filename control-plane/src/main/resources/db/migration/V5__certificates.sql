-- Certificates belong to a group and to no version.
ALTER TABLE config_entity ALTER COLUMN version_id DROP NOT NULL;
ALTER TABLE config_entity ADD CONSTRAINT config_entity_has_version
    CHECK (version_id IS NOT NULL OR kind NOT IN ('implementation', 'route'));
