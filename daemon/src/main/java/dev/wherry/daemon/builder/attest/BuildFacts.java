package dev.wherry.daemon.builder.attest;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a build besides its graph.
 *
 * @param invocation names the build; empty for a result that depends on its inputs alone
 * @param dockerfile path of the Dockerfile
 * @param text the Dockerfile itself
 * @param source address of the build context, where the daemon fetched it
 * @param arguments what the client asked for, by the names that BuildKit has for it
 * @param locals the client's directories that files came from
 */
public record BuildFacts(
        String invocation,
        Instant started,
        Instant finished,
        String dockerfile,
        byte[] text,
        Optional<String> source,
        Map<String, String> arguments,
        List<String> locals) {}
