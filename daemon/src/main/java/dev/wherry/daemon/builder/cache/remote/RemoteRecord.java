package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The record of a step in a shared cache.
 *
 * @param cache the cache that has it
 * @param layers of the result, bottom first; empty when the cache has no files of the step, but those of later ones
 * @param parents keys of the records that it links to
 * @param definition the key of the step with any files
 * @param createdAt when the step was done
 * @param inputs what it depended on, as the history keeps it
 * @param contents digests of what later steps read of it, by {@link #selection}
 */
public record RemoteRecord(
        RemoteCache cache,
        Digest key,
        Optional<List<RemoteLayer>> layers,
        List<Digest> parents,
        Optional<Digest> definition,
        Instant createdAt,
        Duration duration,
        Optional<String> inputs,
        Map<String, Digest> contents) {

    public RemoteRecord {
        layers = layers.map(List::copyOf);
        parents = List.copyOf(parents);
        contents = Map.copyOf(contents);
    }

    /** The diff IDs of the layers, bottom first. */
    List<Digest> diffIds() {
        return layers.orElse(List.of()).stream().map(RemoteLayer::diffId).toList();
    }

    /** True if the layers are one layer on these. */
    boolean liesOn(List<Digest> below) {
        List<Digest> all = diffIds();
        return all.size() == below.size() + 1 && all.subList(0, below.size()).equals(below);
    }

    /** The same step without its files. */
    RemoteRecord withoutLayers() {
        return new RemoteRecord(
                cache, key, Optional.empty(), parents, definition, createdAt, duration, inputs, contents);
    }
}
