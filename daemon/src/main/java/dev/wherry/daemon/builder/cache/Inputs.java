package dev.wherry.daemon.builder.cache;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Fingerprint;
import java.util.ArrayList;
import java.util.List;

/**
 * All that the result of a step depends on besides the file system that it begins with, in order. What is read comes
 * after what the step is.
 */
public record Inputs(List<Input> list) {

    public Inputs {
        list = List.copyOf(list);
    }

    /** The same inputs and more. */
    public Inputs with(List<Input> more) {
        List<Input> all = new ArrayList<>(list);
        all.addAll(more);
        return new Inputs(all);
    }

    /**
     * The cache key of the step.
     *
     * @param parent key of the file system that the step begins with
     */
    public CacheKey key(Digest parent) {
        return key(new Fingerprint("inputs").add(parent));
    }

    /** The key of a layer that is the same whatever file system it lies on. */
    public CacheKey layerKey() {
        return key(new Fingerprint("layer inputs"));
    }

    private CacheKey key(Fingerprint start) {
        Digest definition = add(start, false).digest();
        if (list.stream().noneMatch(input -> input.kind().isContent())) {
            return new CacheKey(definition, definition);
        }
        return new CacheKey(
                add(new Fingerprint("contents").add(definition), true).digest(), definition);
    }

    private Fingerprint add(Fingerprint fingerprint, boolean contents) {
        list.stream()
                .filter(input -> input.kind().isContent() == contents)
                .forEach(input -> fingerprint
                        .add(input.kind().counted().name())
                        .add(input.name())
                        .add(input.value()));
        return fingerprint;
    }
}
