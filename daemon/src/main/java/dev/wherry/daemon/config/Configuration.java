package dev.wherry.daemon.config;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.AuditSettings;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.access.RoleBinding;
import dev.wherry.daemon.builder.cache.ByteAmount;
import dev.wherry.daemon.builder.cache.GarbagePolicy;
import dev.wherry.daemon.builder.context.ContextLimits;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.network.AddressPool;
import dev.wherry.daemon.network.AddressPools;
import dev.wherry.daemon.network.cni.CniSettings;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.runtime.cgroup.CgroupDriver;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The value of every key, all of a checked form.
 *
 * @param values as text, several parted by commas; empty where there is none
 * @param namespace which the daemon serves; empty for the first daemon
 */
public record Configuration(Map<ConfigKey, String> values, Optional<NamespaceName> namespace) {

    /** In place of a path: no socket. */
    static final String NO_SOCKET = "none";

    public Configuration {
        values = new EnumMap<>(values);
    }

    public String text(ConfigKey key) {
        return values.get(key);
    }

    /** A path made absolute; empty when it is not set. */
    public Optional<Path> path(ConfigKey key) {
        return Optional.of(text(key))
                .filter(text -> !text.isEmpty())
                .map(text -> Path.of(text).toAbsolutePath().normalize());
    }

    /** How the network of a cluster is found. */
    public CniSettings cni() {
        return new CniSettings(
                path(ConfigKey.CNI_CONFIGURATIONS).orElseThrow(),
                ValueForm.many(text(ConfigKey.CNI_PROGRAMS)).stream()
                        .map(Path::of)
                        .toList());
    }

    /** Where programs find Docker's API; empty for nowhere. */
    public Optional<Path> dockerSocket() {
        return text(ConfigKey.DOCKER_SOCKET).equals(NO_SOCKET)
                ? Optional.empty()
                : Optional.of(path(ConfigKey.DOCKER_SOCKET)
                        .orElseGet(() -> path(ConfigKey.RUN_ROOT).orElseThrow().resolve("docker.sock")));
    }

    /** Where a kubelet finds its container runtime; empty for nowhere. */
    public Optional<Path> criSocket() {
        Optional<Path> named = path(ConfigKey.CRI_SOCKET);
        return named.isPresent() || !Boolean.parseBoolean(text(ConfigKey.CRI))
                ? named
                : Optional.of(path(ConfigKey.RUN_ROOT).orElseThrow().resolve("cri.sock"));
    }

    /** Where the daemon listens besides its unix socket; not resolved. */
    public List<InetSocketAddress> listen() {
        return addresses(ConfigKey.LISTEN);
    }

    /** Where Docker's API is served besides its unix socket; not resolved. */
    public List<InetSocketAddress> dockerListen() {
        return addresses(ConfigKey.DOCKER_LISTEN);
    }

    private List<InetSocketAddress> addresses(ConfigKey key) {
        return ValueForm.many(text(key)).stream()
                .flatMap(text -> ValueForm.address(text).stream())
                .toList();
    }

    public LogLevel logLevel() {
        return ValueForm.level(text(ConfigKey.LOG_LEVEL)).orElseThrow();
    }

    /** The OCI runtimes that containers may ask for: absolute paths by name. */
    public Map<String, String> runtimes() {
        return mapping(ConfigKey.RUNTIMES);
    }

    /** Where the ranges of networks come from whose user named none. */
    public AddressPools addressPools() {
        return new AddressPools(ValueForm.many(text(ConfigKey.ADDRESS_POOLS)).stream()
                .map(AddressPool::parse)
                .toList());
    }

    /** Where the output of containers goes that say nothing else. */
    public LogConfig logs() {
        return new LogConfig(text(ConfigKey.LOG_DRIVER), mapping(ConfigKey.LOG_OPTIONS));
    }

    /** The first of several values of one name counts. */
    private Map<String, String> mapping(ConfigKey key) {
        Map<String, String> mapping = new HashMap<>();
        for (String pair : ValueForm.many(text(key))) {
            int equals = pair.indexOf('=');
            mapping.putIfAbsent(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return mapping;
    }

    /** Who makes control groups. */
    public CgroupDriver cgroupDriver() {
        return switch (text(ConfigKey.CGROUP_DRIVER)) {
            case "systemd" -> CgroupDriver.SYSTEMD;
            case "cgroupfs" -> CgroupDriver.CGROUPFS;
            default -> CgroupDriver.ofHost();
        };
    }

    /** How long work may go on when the daemon is told to end. */
    public Duration shutdownGrace() {
        return ValueForm.duration(text(ConfigKey.SHUTDOWN_GRACE)).orElseThrow();
    }

    /** How many bytes one thing may have that a build fetches. */
    public long fetchLimit() {
        return ValueForm.size(text(ConfigKey.FETCH_LIMIT));
    }

    /** How much room the build contexts of clients may take. */
    public ContextLimits contextLimits() {
        return new ContextLimits(
                ValueForm.size(text(ConfigKey.CONTEXT_LIMIT)), ValueForm.size(text(ConfigKey.CONTEXTS_SPACE)));
    }

    /** What of the build cache the daemon removes by itself. */
    public GarbagePolicy garbagePolicy() {
        return new GarbagePolicy(
                Boolean.parseBoolean(text(ConfigKey.BUILDER_GC)),
                ValueForm.duration(text(ConfigKey.BUILDER_GC_UNUSED_FOR)).orElseThrow(),
                amount(ConfigKey.BUILDER_GC_RESERVED_SPACE),
                amount(ConfigKey.BUILDER_GC_MAX_USED_SPACE),
                amount(ConfigKey.BUILDER_GC_MIN_FREE_SPACE));
    }

    private ByteAmount amount(ConfigKey key) {
        return ByteAmount.parse(text(key)).orElseThrow();
    }

    public RegistrySettings registries() {
        return RegistrySettings.parse(
                text(ConfigKey.REGISTRY),
                ValueForm.many(text(ConfigKey.REGISTRY_MIRRORS)),
                ValueForm.many(text(ConfigKey.INSECURE_REGISTRIES)),
                ValueForm.many(text(ConfigKey.BLOCKED_REGISTRIES)),
                path(ConfigKey.REGISTRY_CERTIFICATES).orElse(RegistrySettings.CERTIFICATES));
    }

    /** Where it is written down who called what. */
    public AuditSettings audit() {
        return AuditSettings.of(text(ConfigKey.AUDIT_LOG));
    }

    /** Who may do what. */
    public AccessSettings access() {
        return new AccessSettings(
                ValueForm.many(text(ConfigKey.ROLES)).stream()
                        .map(RoleBinding::parse)
                        .toList(),
                text(ConfigKey.TLS_CA).isEmpty(),
                ValueForm.many(text(ConfigKey.OPERATOR_PATHS)).stream()
                        .map(Path::of)
                        .toList(),
                ValueForm.many(text(ConfigKey.BUILDER_REPOSITORIES)),
                ValueForm.many(text(ConfigKey.BUILDER_SOURCES)),
                namespace);
    }

    /** This configuration with those values of another that can change while the daemon runs. */
    public Configuration applied(Configuration wanted) {
        Map<ConfigKey, String> merged = new EnumMap<>(values);
        for (ConfigKey key : differing(wanted)) {
            if (key.isLive()) {
                merged.put(key, wanted.text(key));
            }
        }
        return new Configuration(merged, namespace);
    }

    /** The keys whose values differ in another configuration. */
    public List<ConfigKey> differing(Configuration other) {
        List<ConfigKey> differing = new ArrayList<>();
        for (ConfigKey key : ConfigKey.values()) {
            if (!text(key).equals(other.text(key))) {
                differing.add(key);
            }
        }
        return differing;
    }
}
