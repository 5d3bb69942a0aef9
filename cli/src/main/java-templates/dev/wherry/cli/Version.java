package dev.wherry.cli;

/** What was built, filled in by the build. */
public final class Version {

    public static final String NUMBER = "${project.version}";

    /** The git commit, abbreviated; empty when built outside a checkout. */
    public static final String COMMIT = "${git.commit.id.abbrev}";

    private Version() {}
}
