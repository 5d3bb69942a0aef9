package dev.wherry.cli.command.system;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this program, as the build wrote it. */
public final class ClientVersion {
    private static final String RESOURCE = "/META-INF/wherry.properties";

    private ClientVersion() {}

    /** The version, such as {@code 0.1.0}. */
    public static String get() {
        try (InputStream resource = ClientVersion.class.getResourceAsStream(RESOURCE)) {
            Properties properties = new Properties();
            if (resource != null) {
                properties.load(resource);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
