package dev.wherry.daemon.builder.dockerfile.word;

import java.util.Map;
import java.util.Optional;

/** The variables a {@link Word} can see: the environment and build arguments before its instruction. */
@FunctionalInterface
public interface Scope {

    /** The value of a variable, which may be the empty string, or nothing when it is not set. */
    Optional<String> get(String name);

    /** A scope over a map, which is read at each look-up. */
    static Scope of(Map<String, String> variables) {
        return name -> Optional.ofNullable(variables.get(name));
    }
}
