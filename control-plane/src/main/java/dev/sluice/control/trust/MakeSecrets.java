package dev.sluice.control.trust;

import dev.sluice.model.settings.InvalidSettingsException;
import dev.sluice.model.trust.JoinToken;
import dev.sluice.model.trust.SealingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes, for deployments where no person is at hand at the first start, the secrets that control planes and runtimes take
 * from files: {@code secret_key}, {@code admin_token}, {@code ca_certificate}, {@code ca_key} and {@code join_token}. The
 * last three belong together and are made together. Needs no database.
 */
public final class MakeSecrets {
    private static final List<String> TRUST = List.of("ca_certificate", "ca_key", "join_token");
    private static final int TOKEN_BYTES = 32;

    private MakeSecrets() {}

    /**
     * Writes those that are absent; the directory keeps everybody but its owner out, so that the files themselves may be
     * read by whatever user a container has.
     *
     * @return the names of those that were made
     * @throws InvalidSettingsException when some but not all of authority and join token are there, or files cannot be
     *     written
     */
    public static List<String> into(Path directory) {
        Map<String, String> absent = new LinkedHashMap<>();
        absent.put("secret_key", HexFormat.of().formatHex(SealingKey.random().bytes()));
        absent.put("admin_token", "sluice_" + random());
        absent.keySet().removeIf(name -> Files.exists(directory.resolve(name)));
        long trust = TRUST.stream()
                .filter(name -> Files.exists(directory.resolve(name)))
                .count();
        if (trust == 0) {
            Authority authority = Authority.make("Sluice");
            absent.put("ca_certificate", authority.pem());
            absent.put("ca_key", AuthorityForm.keyPem(authority.key()));
            absent.put("join_token", JoinToken.random(authority.digest()).text());
        } else if (trust < TRUST.size()) {
            throw AuthorityForm.wrong("--make-secrets finds only some of " + String.join(", ", TRUST) + " in "
                    + directory + ", and they belong together: give back the others, or remove them all");
        }
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            for (Map.Entry<String, String> secret : absent.entrySet()) {
                write(directory.resolve(secret.getKey()), secret.getValue());
            }
        } catch (IOException e) {
            throw AuthorityForm.wrong("--make-secrets cannot write into " + directory + ": " + e);
        }
        return List.copyOf(absent.keySet());
    }

    private static void write(Path file, String secret) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--r--r--")));
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(draft, secret.getBytes(StandardCharsets.US_ASCII));
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("r--r--r--"));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
