package dev.wherry.daemon.runtime;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigInteger;
import java.util.List;

/** The {@code config.json} of a bundle (OCI runtime-spec, "Configuration"): the parts that are written here. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record RuntimeSpec(String ociVersion, Process process, Root root, String hostname, List<Mount> mounts, Linux linux) {

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Process(
            boolean terminal,
            User user,
            List<String> args,
            List<String> env,
            String cwd,
            Capabilities capabilities,
            boolean noNewPrivileges,
            int oomScoreAdj,
            List<Rlimit> rlimits) {}

    /** A limit of -1 is none: the runtime reads unsigned numbers, so that it is written as one. */
    @RegisterForReflection
    record Rlimit(String type, BigInteger hard, BigInteger soft) {}

    @RegisterForReflection
    record User(int uid, int gid, List<Integer> additionalGids) {}

    /** The ambient set stays empty: what is not root and executes no privileged file has no capability. */
    @RegisterForReflection
    record Capabilities(List<String> bounding, List<String> effective, List<String> permitted) {}

    @RegisterForReflection
    record Root(String path, boolean readonly) {}

    @RegisterForReflection
    record Mount(String destination, String type, String source, List<String> options) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Linux(
            Resources resources,
            String cgroupsPath,
            List<Namespace> namespaces,
            Seccomp seccomp,
            List<String> maskedPaths,
            List<String> readonlyPaths) {}

    @RegisterForReflection
    record Resources(List<DeviceRule> devices) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeviceRule(boolean allow, String type, Long major, Long minor, String access) {}

    @RegisterForReflection
    record Namespace(String type) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Seccomp(
            String defaultAction, Integer defaultErrnoRet, List<String> architectures, List<SystemCalls> syscalls) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SystemCalls(List<String> names, String action, Integer errnoRet, List<Argument> args) {}

    @RegisterForReflection
    record Argument(int index, long value, long valueTwo, String op) {}
}
