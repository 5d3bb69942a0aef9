package dev.wherry.daemon.builder.context;

/** Where a build context comes from, as the client of a build names it. */
public sealed interface ContextSource {

    /** A source of files; a main context is always one. */
    sealed interface Files extends ContextSource {}

    /** No files: the Dockerfile is all there is. */
    record Nothing() implements Files {}

    /** A directory of the client, which may be a directory of this host. */
    record Directory(SharedDirectory directory) implements Files {}

    /** A tar archive that the client sends. */
    record Archive() implements Files {}

    /** A git repository, an archive or a Dockerfile that the daemon fetches. */
    record Address(String url) implements Files {}

    /** An image, which replaces a stage or another image. */
    record Image(String reference) implements ContextSource {}

    /**
     * An image in a directory of the OCI image layout.
     *
     * @param selector tag or digest; empty for the only one
     */
    record Layout(SharedDirectory directory, String selector) implements ContextSource {}
}
