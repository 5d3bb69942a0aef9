package dev.wherry.daemon.container.config;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount of a container, as requested.
 *
 * @param source absolute path on the host, of a bind mount
 * @param propagation such as "rprivate"
 * @param createSource whether a missing source is made, as a folder
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

    /** Docker's way: memory holds no programs, devices or set-user-ID files unless an option says so. */
    ExtraMount mount() {
        if (type == Type.BIND) {
            return new ExtraMount.HostPath(
                    Path.of(source), target, readOnly, !nonRecursive, propagation.isEmpty() ? "rprivate" : propagation);
        }
        List<String> options = new ArrayList<>(List.of("noexec", "nosuid", "nodev"));
        tmpfsOptions.forEach(option -> {
            options.remove(option.startsWith("no") ? option.substring(2) : "no" + option);
            options.remove(option);
            options.add(option);
        });
        if (tmpfsBytes > 0) {
            options.add("size=" + tmpfsBytes);
        }
        if (tmpfsMode > 0) {
            options.add("mode=" + Integer.toOctalString(tmpfsMode));
        }
        if (readOnly) {
            options.add("ro");
        }
        return new ExtraMount.Memory(target, options);
    }

    /** The kinds of mounts. */
    @RegisterForReflection
    public enum Type {
        BIND,
        TMPFS
    }
}
