package dev.wherry.daemon.builder.context;

import java.util.Optional;

/**
 * The contexts of a build besides its main one. What a Dockerfile calls by the name of one, be it a stage or an image, is
 * replaced by it.
 */
@FunctionalInterface
public interface NamedContexts {

    /** For a build that has none. */
    NamedContexts NONE = name -> Optional.empty();

    /** The context of a name as a Dockerfile writes it, opened at its first use until the build ends. */
    Optional<Source> find(String name);

    /** What a name stands for. */
    sealed interface Source {

        /** Files. */
        record Directory(BuildContext context) implements Source {}

        /**
         * An image in a directory of the OCI image layout.
         *
         * @param selector tag or digest; empty for the only one
         */
        record Layout(BuildContext directory, String selector) implements Source {}

        /** An image of that reference. */
        record Image(String reference) implements Source {}
    }
}
