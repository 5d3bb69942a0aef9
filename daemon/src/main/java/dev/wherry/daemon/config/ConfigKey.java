package dev.wherry.daemon.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One setting of the daemon: its names, the form of its value, and whether it can change while the daemon runs. */
public enum ConfigKey {
    ROOT(
            "root",
            "WHERRY_ROOT",
            ValueForm.PATH,
            "/var/lib/wherry",
            false,
            "DIR",
            "Where images, containers and the database live (default: /var/lib/wherry)."),
    RUN_ROOT(
            "run-root",
            "WHERRY_RUN_ROOT",
            ValueForm.PATH,
            "/run/wherry",
            false,
            "DIR",
            "Where sockets, mounts and what else ends with a reboot live (default: /run/wherry)."),
    SOCKET(
            "socket",
            "WHERRY_SOCKET",
            ValueForm.PATH,
            "",
            false,
            "PATH",
            "Unix socket to listen on (default: wherryd.sock in the run root)."),
    DOCKER_SOCKET(
            "docker-socket",
            "WHERRY_DOCKER_SOCKET",
            ValueForm.PATH,
            "",
            false,
            "PATH",
            "Unix socket for programs that speak Docker's API, or none (default: docker.sock in the run root)."),
    DOCKER_LISTEN(
            "docker-listen",
            "WHERRY_DOCKER_LISTEN",
            ValueForm.ADDRESSES,
            "",
            false,
            "tcp://HOST:PORT",
            "Serve Docker's API there too, to clients with a certificate; repeatable."),
    CRI(
            "cri",
            "WHERRY_CRI",
            ValueForm.FLAG,
            "false",
            false,
            "BOOL",
            "Be the container runtime of a kubelet: serve runtime.v1 on a socket of its own (default: false)."),
    CRI_SOCKET(
            "cri-socket",
            "WHERRY_CRI_SOCKET",
            ValueForm.PATH,
            "",
            false,
            "PATH",
            "Unix socket for a kubelet and crictl; turns cri on (default: cri.sock in the run root)."),
    LISTEN(
            "listen",
            "WHERRY_LISTEN",
            ValueForm.ADDRESSES,
            "",
            false,
            "tcp://HOST:PORT",
            "Listen there too, for clients with a certificate; repeatable."),
    INSECURE_LOOPBACK(
            "insecure-loopback",
            "WHERRY_INSECURE_LOOPBACK",
            ValueForm.FLAG,
            "false",
            false,
            "BOOL",
            "Listen without TLS on addresses of loopback: everybody on this host then has the daemon (default: false)."),
    TLS_CA(
            "tls-ca",
            "WHERRY_TLS_CA",
            ValueForm.PATH,
            "",
            true,
            "FILE",
            "Who issues the certificates of clients, in PEM (default: pki/ca.pem in the root)."),
    TLS_CERT(
            "tls-cert",
            "WHERRY_TLS_CERT",
            ValueForm.PATH,
            "",
            true,
            "FILE",
            "The daemon's certificate (default: pki/cert.pem in the root)."),
    TLS_KEY(
            "tls-key",
            "WHERRY_TLS_KEY",
            ValueForm.PATH,
            "",
            true,
            "FILE",
            "The key of that certificate (default: pki/key.pem in the root)."),
    TLS_CRL(
            "tls-crl",
            "WHERRY_TLS_CRL",
            ValueForm.PATH,
            "",
            true,
            "FILE",
            "Revoked certificates (default: pki/crl.pem in the root, which need not be there)."),
    RUNTIME(
            "runtime",
            "WHERRY_RUNTIME",
            ValueForm.NAME,
            "auto",
            false,
            "NAME",
            "OCI runtime, by name or path, or auto for crun where it works and else runc (default: auto)."),
    RUNTIMES(
            "runtimes",
            "--add-runtime",
            "WHERRY_RUNTIMES",
            ValueForm.PROGRAMS,
            "",
            false,
            "NAME=PATH",
            "OCI runtime that containers may ask for by this name; repeatable."),
    CGROUP_DRIVER(
            "cgroup-driver",
            "WHERRY_CGROUP_DRIVER",
            ValueForm.DRIVER,
            "auto",
            false,
            "NAME",
            "Who makes control groups: cgroupfs, systemd, or auto for what the host wants (default: auto)."),
    REGISTRY(
            "registry",
            "WHERRY_REGISTRY",
            ValueForm.HOST,
            "docker.io",
            true,
            "HOST[:PORT]",
            "Registry of names that name none (default: docker.io)."),
    REGISTRY_MIRRORS(
            "registry-mirrors",
            "--registry-mirror",
            "WHERRY_REGISTRY_MIRRORS",
            ValueForm.MIRRORS,
            "",
            true,
            "HOST=MIRROR",
            "Ask MIRROR first for what HOST holds; both may have a path; repeatable, in the order to ask."),
    INSECURE_REGISTRIES(
            "insecure-registries",
            "--insecure-registry",
            "WHERRY_REGISTRY_INSECURE",
            ValueForm.HOSTS,
            "",
            true,
            "HOST[:PORT]",
            "Speak plain HTTP with this registry; repeatable. Loopback is always allowed to."),
    BLOCKED_REGISTRIES(
            "blocked-registries",
            "--blocked-registry",
            "WHERRY_REGISTRY_BLOCKED",
            ValueForm.HOSTS,
            "",
            true,
            "HOST[:PORT]",
            "Do not use this registry; repeatable."),
    REGISTRY_CERTIFICATES(
            "registry-certs",
            "WHERRY_REGISTRY_CERTS",
            ValueForm.PATH,
            "/etc/wherry/certs.d",
            true,
            "DIR",
            "Folder of HOST:PORT/ca.crt and HOST:PORT/client.{cert,key} (default: /etc/wherry/certs.d)."),
    ADDRESS_POOLS(
            "default-address-pools",
            "--default-address-pool",
            "WHERRY_DEFAULT_ADDRESS_POOLS",
            ValueForm.POOLS,
            "",
            false,
            "RANGE=PREFIX",
            "Networks without --subnet get ranges of this prefix out of RANGE; repeatable (default: docker's)."),
    CNI_CONFIGURATIONS(
            "cni-conf-dir",
            "WHERRY_CNI_CONF_DIR",
            ValueForm.PATH,
            "/etc/cni/net.d",
            false,
            "DIR",
            "Pods of a kubelet are connected by the CNI configuration in DIR, if one is there (default: /etc/cni/net.d)."),
    CNI_PROGRAMS(
            "cni-bin-dirs",
            "--cni-bin-dir",
            "WHERRY_CNI_BIN_DIRS",
            ValueForm.PATHS,
            "/opt/cni/bin,/usr/lib/cni,/usr/libexec/cni",
            false,
            "DIR",
            "Folder of CNI's plugins; repeatable, in the order to search (default: /opt/cni/bin, /usr/lib/cni)."),
    LOG_DRIVER(
            "log-driver",
            "WHERRY_LOG_DRIVER",
            ValueForm.LOG_DRIVER,
            "json-file",
            false,
            "NAME",
            "Logging driver of containers that name none: json-file, local, journald or none (default: json-file)."),
    LOG_OPTIONS(
            "log-opts",
            "--log-opt",
            "WHERRY_LOG_OPTS",
            ValueForm.LOG_OPTIONS,
            "",
            false,
            "OPTION=VALUE",
            "Option of that driver for containers that do not give it, such as max-size=10m; repeatable."),
    LOG_LEVEL(
            "log-level",
            "WHERRY_LOG_LEVEL",
            ValueForm.LEVEL,
            "info",
            true,
            "LEVEL",
            "One of error, warn, info, debug, trace (default: info)."),
    METRICS_ADDRESS(
            "metrics-addr",
            "WHERRY_METRICS_ADDR",
            ValueForm.LOOPBACK,
            "",
            false,
            "ADDRESS",
            "Answer Prometheus there: a port of loopback such as 127.0.0.1:9323, or unix:///PATH (default: nowhere)."),
    TRACES_ENDPOINT(
            "otlp-endpoint",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            ValueForm.COLLECTOR,
            "",
            false,
            "URL",
            "Send traces of builds to this OpenTelemetry collector by OTLP over HTTP (default: to none)."),
    SHUTDOWN_GRACE(
            "shutdown-grace",
            "WHERRY_SHUTDOWN_GRACE",
            ValueForm.DURATION,
            "10s",
            true,
            "TIME",
            "How long builds and pulls may go on when the daemon is told to end (default: 10s)."),
    ROLES(
            "roles",
            "--role",
            "WHERRY_ROLES",
            ValueForm.ROLES,
            "",
            true,
            "WHO=ROLE",
            "Role of user:NAME, group:NAME, cn:PATTERN or loopback; bounds or a namespace may follow; repeatable, the first match counts."),
    OPERATOR_PATHS(
            "operator-paths",
            "--operator-path",
            "WHERRY_OPERATOR_PATHS",
            ValueForm.PATHS,
            "",
            true,
            "PATH",
            "Path of the host that containers of operators may mount, with what is below it; repeatable."),
    BUILDER_REPOSITORIES(
            "builder-repositories",
            "--builder-repository",
            "WHERRY_BUILDER_REPOSITORIES",
            ValueForm.REPOSITORIES,
            "",
            true,
            "HOST/PREFIX",
            "Where builders may push, and how they may name images (default: anywhere); repeatable."),
    BUILDER_SOURCES(
            "builder-sources",
            "--builder-source",
            "WHERRY_BUILDER_SOURCES",
            ValueForm.REPOSITORIES,
            "",
            true,
            "HOST/PREFIX",
            "Where builders may pull from, besides builder-repositories (default: anywhere); repeatable."),
    AUDIT_LOG(
            "audit-log",
            "WHERRY_AUDIT_LOG",
            ValueForm.AUDIT,
            "off",
            false,
            "PATH|log|off",
            "Where it is written down who called what: a file, the daemon's own log, or nowhere (default: off)."),
    FETCH_LIMIT(
            "fetch-limit",
            "WHERRY_FETCH_LIMIT",
            ValueForm.SIZE,
            "32GiB",
            false,
            "SIZE",
            "How large a file, archive or git repository may be that a build fetches (default: 32GiB)."),
    CONTEXT_LIMIT(
            "context-limit",
            "WHERRY_CONTEXT_LIMIT",
            ValueForm.SIZE,
            "32GiB",
            false,
            "SIZE",
            "How large a build context may be that a client sends (default: 32GiB)."),
    CONTEXTS_SPACE(
            "contexts-space",
            "WHERRY_CONTEXTS_SPACE",
            ValueForm.SIZE,
            "64GiB",
            false,
            "SIZE",
            "How much room the build contexts that clients sent may take together (default: 64GiB)."),
    BUILDER_GC(
            "builder.gc.enabled",
            "--builder-gc",
            "WHERRY_BUILDER_GC",
            ValueForm.FLAG,
            "true",
            true,
            "BOOL",
            "Whether the build cache is kept within bounds (default: true)."),
    BUILDER_GC_UNUSED_FOR(
            "builder.gc.unused-for",
            "--builder-gc-unused-for",
            "WHERRY_BUILDER_GC_UNUSED_FOR",
            ValueForm.AGE,
            "60d",
            true,
            "TIME",
            "What of the build cache was not used for so long is removed (default: 60d)."),
    BUILDER_GC_RESERVED_SPACE(
            "builder.gc.reserved-space",
            "--builder-gc-reserved-space",
            "WHERRY_BUILDER_GC_RESERVED_SPACE",
            ValueForm.AMOUNT,
            "10GB",
            true,
            "SIZE",
            "So much of the build cache may always stay (default: 10GB)."),
    BUILDER_GC_MAX_USED_SPACE(
            "builder.gc.max-used-space",
            "--builder-gc-max-used-space",
            "WHERRY_BUILDER_GC_MAX_USED_SPACE",
            ValueForm.AMOUNT,
            "10%",
            true,
            "SIZE",
            "So much may stay at most, in bytes or of the disk, if more than is reserved (default: 10%)."),
    BUILDER_GC_MIN_FREE_SPACE(
            "builder.gc.min-free-space",
            "--builder-gc-min-free-space",
            "WHERRY_BUILDER_GC_MIN_FREE_SPACE",
            ValueForm.AMOUNT,
            "10%",
            true,
            "SIZE",
            "So much of the disk shall be free; what is reserved stays all the same (default: 10%).");

    private final String key;
    private final String flag;
    private final String variable;
    private final ValueForm form;
    private final String standard;
    private final boolean live;
    private final String label;
    private final String description;

    ConfigKey(
            String key,
            String variable,
            ValueForm form,
            String standard,
            boolean live,
            String label,
            String description) {
        this(key, "--" + key, variable, form, standard, live, label, description);
    }

    ConfigKey(
            String key,
            String flag,
            String variable,
            ValueForm form,
            String standard,
            boolean live,
            String label,
            String description) {
        this.key = key;
        this.flag = flag;
        this.variable = variable;
        this.form = form;
        this.standard = standard;
        this.live = live;
        this.label = label;
        this.description = description;
    }

    /** The key of a file that is called so. */
    static Optional<ConfigKey> of(String name) {
        return Arrays.stream(values()).filter(known -> known.key.equals(name)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(ConfigKey::key).toList();
    }

    /** Its name in the file. */
    public String key() {
        return key;
    }

    /** Its name on the command line. */
    public String flag() {
        return flag;
    }

    /** The environment variable that sets it. */
    public String variable() {
        return variable;
    }

    public ValueForm form() {
        return form;
    }

    /** Its value where nothing sets it; empty for none. */
    public String standard() {
        return standard;
    }

    /** Whether a new value takes effect without a restart. */
    public boolean isLive() {
        return live;
    }

    /** What its value is called in the usage. */
    public String label() {
        return label;
    }

    /** One sentence for the usage. */
    public String description() {
        return description;
    }
}
