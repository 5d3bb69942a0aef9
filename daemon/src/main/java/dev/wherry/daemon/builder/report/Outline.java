package dev.wherry.daemon.builder.report;

import java.util.List;

/**
 * What a client can give to the build of a target.
 *
 * @param name of the target; empty when it has none
 * @param args the arguments that the target and the stages below it use, in the order of the file
 */
public record Outline(String name, String description, List<Arg> args, List<Mount> secrets, List<Mount> ssh) {

    public Outline {
        args = List.copyOf(args);
        secrets = List.copyOf(secrets);
        ssh = List.copyOf(ssh);
    }

    /** @param value what it has when the client gives none, or what the client gives */
    public record Arg(String name, String description, String value, int line) {}

    /** A secret or an ssh agent that a RUN mounts. */
    public record Mount(String id, boolean required, int line) {}
}
