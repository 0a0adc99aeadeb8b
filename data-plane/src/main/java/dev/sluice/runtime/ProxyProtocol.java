package dev.sluice.runtime;

import dev.sluice.model.settings.Setting;
import dev.sluice.model.settings.SettingsReader;
import java.util.Arrays;
import java.util.Locale;

/** Which connections of clients begin with a PROXY protocol header. */
public enum ProxyProtocol {
    OFF,
    /** All of them. */
    ON,
    /** Those to the port of TLS, which a proxy passes on unopened. */
    TLS;

    /** @param tls whether TLS is spoken on the port that a connection came to */
    public boolean on(boolean tls) {
        return this == ON || (this == TLS && tls);
    }

    static ProxyProtocol read(SettingsReader reader) {
        String value = reader.required(Setting.PROXY_PROTOCOL);
        return Arrays.stream(values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value))
                .findFirst()
                .orElseGet(() -> {
                    reader.problem(Setting.PROXY_PROTOCOL, "is '" + value + "', want on, tls or off");
                    return OFF;
                });
    }
}
