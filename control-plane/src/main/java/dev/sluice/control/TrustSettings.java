package dev.sluice.control;

import dev.sluice.model.settings.HostPort;
import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SettingsReader;
import dev.sluice.model.trust.JoinToken;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How runtimes and control planes know each other.
 *
 * @param authority certificate authority that is given, or null: the first start makes one
 * @param names by which runtimes call this control plane; empty: what it knows of itself
 * @param advertise where runtimes reach the runtime API, or null: where it is bound
 * @param joinToken a first join token, or null
 * @param certificateLife how long runtimes' and control planes' own certificates are valid
 */
public record TrustSettings(
        @Nullable GivenAuthority authority,
        List<String> names,
        @Nullable HostPort advertise,
        @Nullable JoinToken joinToken,
        Duration certificateLife) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45}");

    public TrustSettings {
        names = List.copyOf(names);
    }

    /** Nothing given: all is made at the first start. */
    public static TrustSettings ofCertificateLife(Duration life) {
        return new TrustSettings(null, List.of(), null, null, life);
    }

    /**
     * Both in PEM.
     *
     * @param key a secret
     */
    public record GivenAuthority(String certificate, String key) {
        /** Without the key. */
        @Override
        public String toString() {
            return "GivenAuthority";
        }
    }

    static TrustSettings read(SettingsReader reader) {
        String certificate = blankIsNull(reader.text(Setting.CA_CERTIFICATE));
        String key = blankIsNull(reader.text(Setting.CA_KEY));
        if ((certificate == null) != (key == null)) {
            reader.problem(
                    certificate == null ? Setting.CA_CERTIFICATE : Setting.CA_KEY,
                    "is required: SLUICE_CA_CERTIFICATE and SLUICE_CA_KEY go together");
        }
        return new TrustSettings(
                certificate == null || key == null ? null : new GivenAuthority(certificate, key),
                reader.list(Setting.RUNTIME_API_NAMES, TrustSettings::name),
                reader.text(Setting.RUNTIME_API_ADVERTISE) == null
                        ? null
                        : reader.address(Setting.RUNTIME_API_ADVERTISE, new HostPort("localhost", 0)),
                joinToken(reader),
                Duration.ofSeconds(reader.integer(Setting.RUNTIME_CERTIFICATE_SECONDS, 30, 31_536_000)));
    }

    private static String name(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (!NAME.matcher(bare).matches()) {
            throw new IllegalArgumentException("not a host name or IP address (without a port)");
        }
        return bare;
    }

    private static @Nullable JoinToken joinToken(SettingsReader reader) {
        String text = blankIsNull(reader.text(Setting.JOIN_TOKEN));
        try {
            return text == null ? null : JoinToken.parse(text);
        } catch (IllegalArgumentException e) {
            reader.problem(Setting.JOIN_TOKEN, "is " + e.getMessage());
            return null;
        }
    }

    private static @Nullable String blankIsNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
