package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.cache.actions.ActionsAccess;
import dev.wherry.daemon.builder.context.SharedDirectory;
import dev.wherry.daemon.image.Reference;

/** Where a build is to look for steps of other builds. */
public sealed interface CacheSource {

    /** What messages call it. */
    String name();

    /** A cache, or an image with an inline cache, in a registry. */
    record Registry(Reference reference) implements CacheSource {
        @Override
        public String name() {
            return reference.toString();
        }
    }

    /** GitHub's cache service. */
    record Actions(ActionsAccess access) implements CacheSource {
        @Override
        public String name() {
            return access.toString();
        }
    }

    /**
     * A directory of the client in the OCI image layout.
     *
     * @param selector tag or digest of the cache in it
     * @param context the name under which the client sends its files
     */
    record Folder(SharedDirectory directory, String selector, String context) implements CacheSource {
        @Override
        public String name() {
            return directory.path().toString();
        }
    }
}
