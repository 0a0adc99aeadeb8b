package dev.sluice.model.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.config.ConfigJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The text form of a snapshot, on the wire and on disk: a header line of JSON ({@code format group epoch revision
 * digest entities}, and {@code signature} where it is signed), then a line {@code kind SP id SP json} for each entity, in order, each ended by LF. Entity bytes
 * stand in it untouched, fields and kinds that a reader does not know included; so the digest holds for every reader.
 */
public final class SnapshotFormat {
    /** Value of the header's {@code format}; a reader refuses any other major version. */
    public static final String FORMAT = "sluice-snapshot/1";

    /** Media type on the wire. */
    public static final String MEDIA_TYPE = "application/vnd.sluice.snapshot";

    private SnapshotFormat() {}

    /** Without a signature. */
    public static byte[] write(Snapshot snapshot) {
        return write(new SignedSnapshot(snapshot, null));
    }

    public static byte[] write(SignedSnapshot signed) {
        Snapshot snapshot = signed.snapshot();
        ObjectNode header = ConfigJson.MAPPER
                .createObjectNode()
                .put("format", FORMAT)
                .put("group", snapshot.group())
                .put("epoch", snapshot.revision().epoch())
                .put("revision", snapshot.revision().number())
                .put("digest", snapshot.digest().hex())
                .put("entities", snapshot.entities().size());
        if (signed.signature() != null) {
            header.set("signature", ConfigJson.MAPPER.valueToTree(signed.signature()));
        }
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(256 + 512 * snapshot.entities().size());
        try {
            out.writeBytes(ConfigJson.MAPPER.writeValueAsBytes(header));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A header is always JSON", e);
        }
        out.write('\n');
        for (Entity entity : snapshot.entities()) {
            out.writeBytes((entity.kind() + ' ' + entity.id() + ' ').getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(entity.bytes());
            out.write('\n');
        }
        return out.toByteArray();
    }

    /** Reads a snapshot whoever signed it; see {@link #readSigned}. */
    public static Snapshot read(byte[] bytes) {
        return readSigned(bytes).snapshot();
    }

    /**
     * Reads a snapshot and checks that it is whole: number and order of its entities, and the digest. Its signature is
     * read and not checked.
     *
     * @throws InvalidSnapshotException when anything does not hold
     */
    public static SignedSnapshot readSigned(byte[] bytes) {
        int headerEnd = lineEnd(bytes, 0);
        ObjectNode header;
        try {
            header = ConfigJson.object(Arrays.copyOfRange(bytes, 0, headerEnd));
        } catch (IllegalArgumentException e) {
            throw new InvalidSnapshotException("The first line is not a snapshot header: " + e.getMessage(), e);
        }
        String format = header.path("format").asText();
        if (!format.equals(FORMAT)) {
            throw new InvalidSnapshotException("The format is '" + format + "', this release reads " + FORMAT);
        }
        try {
            List<Entity> entities = readEntities(bytes, headerEnd + 1);
            Snapshot snapshot = Snapshot.of(
                    group(header), new Revision(number(header, "epoch"), number(header, "revision")), entities);
            check(snapshot, header, entities);
            return new SignedSnapshot(snapshot, signature(header));
        } catch (IllegalArgumentException e) {
            throw new InvalidSnapshotException(String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable SnapshotSignature signature(ObjectNode header) {
        JsonNode signature = header.path("signature");
        if (signature.isMissingNode() || signature.isNull()) {
            return null;
        }
        try {
            return ConfigJson.MAPPER.treeToValue(signature, SnapshotSignature.class);
        } catch (JsonProcessingException e) {
            throw new InvalidSnapshotException("The header's signature cannot be read", e);
        }
    }

    private static String group(ObjectNode header) {
        JsonNode group = header.path("group");
        if (!group.isTextual() || group.textValue().isEmpty()) {
            throw new InvalidSnapshotException("The header's group is no name");
        }
        return group.textValue();
    }

    private static long number(ObjectNode header, String field) {
        JsonNode number = header.path(field);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw new InvalidSnapshotException("The header's " + field + " is no whole number");
        }
        return number.longValue();
    }

    private static List<Entity> readEntities(byte[] bytes, int from) {
        List<Entity> entities = new ArrayList<>();
        int start = from;
        while (start < bytes.length) {
            int end = lineEnd(bytes, start);
            int kindEnd = indexOf(bytes, ' ', start, end);
            int idEnd = indexOf(bytes, ' ', kindEnd + 1, end);
            String kind = new String(bytes, start, kindEnd - start, StandardCharsets.US_ASCII);
            String id = new String(bytes, kindEnd + 1, idEnd - kindEnd - 1, StandardCharsets.US_ASCII);
            entities.add(Entity.of(kind, uuid(id), Arrays.copyOfRange(bytes, idEnd + 1, end)));
            start = end + 1;
        }
        return entities;
    }

    /** The digest is over the id's text, so that there is one text an id. */
    private static UUID uuid(String text) {
        UUID id = UUID.fromString(text);
        if (!id.toString().equals(text)) {
            throw new InvalidSnapshotException("Not a UUID in its usual spelling: " + text);
        }
        return id;
    }

    private static void check(Snapshot snapshot, ObjectNode header, List<Entity> asRead) {
        int declared = header.path("entities").asInt(-1);
        if (declared != asRead.size()) {
            throw new InvalidSnapshotException(
                    "The header declares " + declared + " entities, " + asRead.size() + " follow");
        }
        if (!snapshot.entities().equals(asRead)) {
            throw new InvalidSnapshotException("The entities are out of order");
        }
        if (!snapshot.digest().hex().equals(header.path("digest").asText())) {
            throw new InvalidSnapshotException("The digest does not match the entities");
        }
    }

    private static int lineEnd(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        throw new InvalidSnapshotException("Cut short: the last line does not end");
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw new InvalidSnapshotException("An entity line is not 'kind id json'");
    }
}
