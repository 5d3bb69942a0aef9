package dev.wherry.cli.client.builds;

import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.CacheSource;
import dev.wherry.v1.LocalContext;
import dev.wherry.v1.NamedContext;

/**
 * The options of a build by a daemon of another host: they claim of no directory that the daemon sees it too, and
 * the connection may be lost.
 */
final class RemoteOptions {
    private RemoteOptions() {}

    static BuildOptions of(BuildOptions options) {
        BuildOptions.Builder remote = options.toBuilder().setResumable(true);
        if (remote.hasContext()) {
            withoutProof(remote.getContextBuilder());
        }
        for (NamedContext.Builder context : remote.getNamedContextsBuilderList()) {
            if (context.hasLocal()) {
                withoutProof(context.getLocalBuilder());
            } else if (context.hasLayout()) {
                withoutProof(context.getLayoutBuilder().getDirectoryBuilder());
            }
        }
        for (CacheSource.Builder source : remote.getCacheFromBuilderList()) {
            if (source.hasLayout()) {
                withoutProof(source.getLayoutBuilder().getDirectoryBuilder());
            }
        }
        return remote.build();
    }

    private static void withoutProof(LocalContext.Builder directory) {
        directory.clearMountNamespace();
    }
}
