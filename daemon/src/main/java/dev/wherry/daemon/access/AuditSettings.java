package dev.wherry.daemon.access;

import java.nio.file.Path;

/** Where it is written down who called what. */
public sealed interface AuditSettings {

    /** Nowhere. */
    record Off() implements AuditSettings {}

    /** In the daemon's own log, which the journal keeps where the service manager starts the daemon. */
    record DaemonLog() implements AuditSettings {}

    /** In a file. */
    record File(Path path) implements AuditSettings {}

    /** @param text "off", "log" or an absolute path */
    static AuditSettings of(String text) {
        return switch (text) {
            case "off" -> new Off();
            case "log" -> new DaemonLog();
            default -> new File(Path.of(text).normalize());
        };
    }
}
