package dev.wherry.daemon.container;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * Something mounted into a container, as it was asked for.
 *
 * @param source absolute path on the host, of a bind mount
 * @param propagation such as "rprivate"
 * @param createSource whether an absent source is made, as a folder
 * @param tmpfsBytes 0 for no limit
 * @param tmpfsMode 0 for 01777
 * @param tmpfsOptions as mount(8) knows them
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record MountRequest(
        Type type,
        String source,
        String target,
        boolean readOnly,
        String propagation,
        boolean createSource,
        boolean nonRecursive,
        long tmpfsBytes,
        int tmpfsMode,
        List<String> tmpfsOptions) {

    public MountRequest {
        tmpfsOptions = List.copyOf(tmpfsOptions);
    }

    /** What is mounted. */
    @RegisterForReflection
    public enum Type {
        BIND,
        TMPFS
    }
}
