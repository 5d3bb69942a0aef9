package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step as it goes into a cache.
 *
 * @param parents keys of the steps that it begins with and reads from, in order
 * @param layers diff IDs of its result, bottom first; empty when its files do not go into the cache
 * @param definition the key of the step with any files
 * @param inputs what it depended on, as the history keeps it
 * @param contents digests of what later steps read of its result
 */
public record WrittenStep(
        Digest key,
        List<Digest> parents,
        List<Digest> layers,
        Optional<Digest> definition,
        Instant createdAt,
        Duration duration,
        Optional<String> inputs,
        Map<String, Digest> contents) {

    public WrittenStep {
        parents = List.copyOf(parents);
        layers = List.copyOf(layers);
        contents = Map.copyOf(contents);
    }
}
