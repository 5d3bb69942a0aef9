package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** How large a container's terminal is at first, in characters; 0 where nothing was said. */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConsoleSize(int rows, int columns) {

    public static final ConsoleSize NONE = new ConsoleSize(0, 0);
}
