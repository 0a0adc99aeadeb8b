-- The targets that a runtime finds other than healthy, by their ids; null where it does not say.
ALTER TABLE runtime ADD COLUMN targets jsonb;
