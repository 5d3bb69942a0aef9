package dev.wherry.daemon.runtime.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * The {@code config.json} of a bundle (OCI runtime-spec, "Configuration"): the parts that are written here. What is false
 * is left out, as runc itself writes specs: to some runtimes, a {@code noNewPrivileges} that is there says something.
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuntimeSpec(
        String ociVersion,
        Process process,
        Root root,
        String hostname,
        List<Mount> mounts,
        Map<String, String> annotations,
        Map<String, List<Hook>> hooks,
        Linux linux) {

    /** Crun's annotation for the control group below the scope of a container; empty for none. */
    public static final String CRUN_SUBGROUP = "run.oci.systemd.subgroup";

    /** @param timeout in seconds; null for none */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Hook(String path, List<String> args, List<String> env, Integer timeout) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Process(
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean terminal,
            User user,
            List<String> args,
            List<String> env,
            String cwd,
            Capabilities capabilities,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean noNewPrivileges,
            String apparmorProfile,
            int oomScoreAdj,
            List<Rlimit> rlimits) {}

    /** A limit of -1 is none: the runtime reads unsigned numbers, so that it is written as one. */
    @RegisterForReflection
    record Rlimit(String type, BigInteger hard, BigInteger soft) {}

    @RegisterForReflection
    public record User(int uid, int gid, List<Integer> additionalGids) {}

    /**
     * @param inheritable null, unless there are ambient ones
     * @param ambient null as a rule: what is not root and executes no privileged file has no capability
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Capabilities(
            List<String> bounding,
            List<String> effective,
            List<String> permitted,
            List<String> inheritable,
            List<String> ambient) {}

    @RegisterForReflection
    public record Root(
            String path,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean readonly) {}

    @RegisterForReflection
    public record Mount(String destination, String type, String source, List<String> options) {}

    /**
     * @param uidMappings null without a user namespace
     * @param gidMappings likewise
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Linux(
            Map<String, String> sysctl,
            Resources resources,
            String cgroupsPath,
            List<Namespace> namespaces,
            List<IdMapping> uidMappings,
            List<IdMapping> gidMappings,
            List<Device> devices,
            Seccomp seccomp,
            String rootfsPropagation,
            List<String> maskedPaths,
            List<String> readonlyPaths) {}

    /** @param fileMode permissions, without the type */
    @RegisterForReflection
    public record Device(String path, String type, int major, int minor, int fileMode, int uid, int gid) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Resources(
            List<DeviceRule> devices,
            Memory memory,
            Cpu cpu,
            Pids pids,
            BlockIo blockIO,
            List<HugePages> hugepageLimits,
            Map<String, String> unified) {}

    @RegisterForReflection
    public record HugePages(String pageSize, long limit) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DeviceRule(boolean allow, String type, Long major, Long minor, String access) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Memory(Long limit, Long reservation, Long swap, Integer swappiness, Boolean disableOOMKiller) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cpu(Long shares, Long quota, Long period, String cpus, String mems) {}

    @RegisterForReflection
    public record Pids(long limit) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BlockIo(
            Integer weight,
            List<Throttle> throttleReadBpsDevice,
            List<Throttle> throttleWriteBpsDevice,
            List<Throttle> throttleReadIOPSDevice,
            List<Throttle> throttleWriteIOPSDevice) {}

    @RegisterForReflection
    public record Throttle(int major, int minor, long rate) {}

    /** @param path of one to join; null for a new one */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Namespace(String type, String path) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Seccomp(
            String defaultAction, Integer defaultErrnoRet, List<String> architectures, List<SystemCalls> syscalls) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SystemCalls(List<String> names, String action, Integer errnoRet, List<Argument> args) {}

    /** Values are unsigned numbers of 64 bits. */
    @RegisterForReflection
    public record Argument(int index, BigInteger value, BigInteger valueTwo, String op) {}
}
