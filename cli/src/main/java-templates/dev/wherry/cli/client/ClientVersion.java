package dev.wherry.cli.client;

/** What this program was built from, filled in by the build. */
public final class ClientVersion {

    public static final String NUMBER = "${project.version}";

    /** The git commit, abbreviated; empty when built outside a checkout. */
    public static final String COMMIT = "${git.commit.id.abbrev}";

    private ClientVersion() {}

    /** Whether it runs on a JVM or as a native executable: {@code jvm} or {@code native}. */
    public static String mode() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") == null ? "jvm" : "native";
    }
}
