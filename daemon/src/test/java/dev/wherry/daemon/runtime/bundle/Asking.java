package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.ExtraMount;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import dev.wherry.daemon.runtime.spec.ResolverConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a test asks of a container, one thing after another; all else is the default. */
public final class Asking {

    private boolean privileged;
    private boolean readOnly;
    private final List<String> capAdd = new ArrayList<>();
    private final List<String> capDrop = new ArrayList<>();
    private final List<String> security = new ArrayList<>();
    private String pid = "";
    private String ipc = "";
    private String uts = "";
    private String cgroup = "";
    private String user = "";
    private final Map<String, String> sysctls = new HashMap<>();
    private final List<String> groups = new ArrayList<>();
    private final List<Isolation.Device> devices = new ArrayList<>();
    private final List<String> rules = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<ExtraMount> mounts = new ArrayList<>();
    private Resources resources = Resources.DEFAULT;
    private boolean init;
    private String domain = "";
    private String workingDir = "";
    private NetworkMode network = NetworkMode.NONE;
    private Optional<Path> namespace = Optional.empty();
    private JoinedContainers peers = JoinedContainers.NONE;

    public Asking privileged() {
        privileged = true;
        return this;
    }

    public Asking readOnly() {
        readOnly = true;
        return this;
    }

    public Asking capAdd(String... names) {
        capAdd.addAll(List.of(names));
        return this;
    }

    public Asking capDrop(String... names) {
        capDrop.addAll(List.of(names));
        return this;
    }

    public Asking security(String... options) {
        security.addAll(List.of(options));
        return this;
    }

    public Asking pid(String mode) {
        pid = mode;
        return this;
    }

    public Asking ipc(String mode) {
        ipc = mode;
        return this;
    }

    public Asking uts(String mode) {
        uts = mode;
        return this;
    }

    public Asking cgroup(String mode) {
        cgroup = mode;
        return this;
    }

    public Asking userNamespace(String mode) {
        user = mode;
        return this;
    }

    public Asking sysctl(String name, String value) {
        sysctls.put(name, value);
        return this;
    }

    public Asking groups(String... names) {
        groups.addAll(List.of(names));
        return this;
    }

    public Asking device(String host, String inside, String permissions) {
        devices.add(new Isolation.Device(host, inside, permissions));
        return this;
    }

    public Asking deviceRule(String rule) {
        rules.add(rule);
        return this;
    }

    public Asking limit(String name, long soft, long hard) {
        limits.add(new Limit(name, soft, hard));
        return this;
    }

    Asking mount(ExtraMount mount) {
        mounts.add(mount);
        return this;
    }

    public Asking resources(Resources resources) {
        this.resources = resources;
        return this;
    }

    public Asking memory(long bytes) {
        return resources(limited(bytes, 0, 0, 0));
    }

    public Asking pids(long most) {
        return resources(limited(0, 0, most, 0));
    }

    public Asking init() {
        init = true;
        return this;
    }

    public Asking domain(String name) {
        domain = name;
        return this;
    }

    public Asking workingDir(String path) {
        workingDir = path;
        return this;
    }

    public Asking network(NetworkMode network) {
        this.network = network;
        return this;
    }

    Asking peers(JoinedContainers peers) {
        this.peers = peers;
        return this;
    }

    /** Limits of which all others are not given. */
    public static Resources limited(long memory, long swap, long pids, long nanoCpus) {
        return new Resources(
                memory, 0, swap, -1, nanoCpus, 0, 0, 0, "", "", pids, 0, 0, false, "", List.of(), List.of(), List.of(),
                List.of());
    }

    public Isolation isolation() {
        return new Isolation(
                privileged,
                readOnly,
                capAdd,
                capDrop,
                security,
                pid,
                ipc,
                uts,
                cgroup,
                user,
                sysctls,
                groups,
                devices,
                rules,
                limits);
    }

    public Resources resources() {
        return resources;
    }

    /** In a namespace that is connected to networks. */
    Asking connected(Path file) {
        network = NetworkMode.BRIDGE;
        namespace = Optional.of(file);
        return this;
    }

    ContainerOptions options() {
        return new ContainerOptions(isolation(), resources, ResolverConfig.HOST, init, domain, Map.of(), "", peers);
    }

    void check() {
        options().check(network);
    }

    ContainerProcess process(String... args) {
        return new ContainerProcess(
                List.of(args),
                List.of(),
                workingDir,
                "",
                false,
                namespace.map(ProcessNetwork::connected).orElseGet(() -> ProcessNetwork.of(network)),
                "box",
                new ProcessAdditions(mounts, List.of(), List.of(), OptionalLong.empty(), List.of(), false),
                options());
    }
}
