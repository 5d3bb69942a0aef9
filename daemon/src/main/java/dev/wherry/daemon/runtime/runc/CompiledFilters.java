package dev.wherry.daemon.runtime.runc;

import dev.wherry.daemon.runtime.spec.RuntimeSpec;
import dev.wherry.daemon.runtime.spec.RuntimeSpec.Seccomp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Seccomp filters as crun has compiled them. To compile the default profile takes a third of the time of a start; crun
 * keeps the result beside the state of the container and takes it back in an annotation, so that each profile is
 * compiled once in the life of the daemon.
 */
final class CompiledFilters {

    /** Of crun; other runtimes ignore it. */
    static final String ANNOTATION = "run.oci.seccomp_bpf_data";

    /** Annotations that begin so change what crun does. */
    private static final String OF_CRUN = "run.oci.";

    private static final int MOST = 64;
    private static final long LARGEST = 256 << 10;

    private record Key(Path program, Seccomp profile) {}

    private final Map<Key, String> compiled = new ConcurrentHashMap<>();

    /** The compiled form of a profile, in base64, if the program has compiled it before. */
    Optional<String> of(Path program, Seccomp profile) {
        return Optional.ofNullable(compiled.get(new Key(program, profile)));
    }

    /**
     * Keeps what a program compiled for a created container.
     *
     * @param state the folder in which the program keeps what it knows of the container
     */
    void learn(Path program, RuntimeSpec spec, Path state) throws IOException {
        Seccomp profile = spec.linux().seccomp();
        if (profile == null || isTold(spec) || of(program, profile).isPresent()) {
            return;
        }
        Path filter = state.resolve("seccomp.bpf");
        if (!(StateFolder.of(state) instanceof StateFolder.Crun) || !Files.exists(filter)) {
            return;
        }
        long size = Files.size(filter);
        if (size > 0 && size <= LARGEST) {
            if (compiled.size() >= MOST) {
                compiled.clear();
            }
            compiled.put(new Key(program, profile), Base64.getEncoder().encodeToString(Files.readAllBytes(filter)));
        }
    }

    /** Whether a user tells crun what to do, so that the filter may not be that of the profile. */
    private static boolean isTold(RuntimeSpec spec) {
        return spec.annotations().keySet().stream()
                .anyMatch(key -> key.startsWith(OF_CRUN) && !key.equals(RuntimeSpec.CRUN_SUBGROUP));
    }
}
