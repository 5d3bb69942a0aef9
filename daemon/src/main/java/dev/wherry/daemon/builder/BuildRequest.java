package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.context.ContextSource;
import java.util.List;

/** What a client asks for: how to build, and where the files come from. */
public record BuildRequest(BuildOptions options, ContextSource.Files context, List<Named> named) {

    public BuildRequest {
        named = List.copyOf(named);
    }

    /** A context beside the main one, by the name that a Dockerfile uses. */
    public record Named(String name, ContextSource source) {}
}
