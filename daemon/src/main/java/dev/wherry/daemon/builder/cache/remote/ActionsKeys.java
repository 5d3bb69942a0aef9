package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.builder.cache.actions.ActionsToken;
import dev.wherry.daemon.content.Digest;

/** The keys of a cache's entries in GitHub's cache service, which BuildKit reads and writes too. */
final class ActionsKeys {

    private static final String VERSION = "1";
    private static final int SCOPE_DIGITS = 8;

    private ActionsKeys() {}

    static String blob(Digest blob) {
        return "buildkit-blob-" + VERSION + "-" + blob;
    }

    /**
     * The beginning of the keys of a cache's configs, of which the newest counts; a number follows.
     *
     * @param name of the cache, among those of the scope
     */
    static String config(String name, ActionsToken.Scope scope) {
        String place = Digest.sha256(scope.name()).hex().substring(0, SCOPE_DIGITS);
        return "index-" + name + "-" + VERSION + "-" + place + "#";
    }
}
