package dev.sluice.control.certificate;

import java.time.Instant;
import java.util.UUID;

/** Where an entity is put: what of it no caller decides. */
record Slot(UUID groupId, UUID id, Instant createdAt) {}
