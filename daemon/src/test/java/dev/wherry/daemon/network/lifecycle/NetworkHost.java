package dev.wherry.daemon.network.lifecycle;

import dev.wherry.daemon.PrivateStores;
import dev.wherry.daemon.event.Events;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.network.Cidr;
import dev.wherry.daemon.network.EndpointRequest;
import dev.wherry.daemon.network.NamespaceOwner;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.NetworkStores;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Reservations;
import dev.wherry.daemon.network.netavark.NetavarkProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The networks of a daemon on roots of its own, with programs in its namespaces. */
final class NetworkHost implements AutoCloseable {

    /** Long enough for a second attempt of the kernel, which comes after a second. */
    private static final int TIMEOUT = 2500;

    private static final String SERVER = """
            import socket, sys
            listening = socket.create_server(("", 80), family=socket.AF_INET6, dualstack_ipv6=True)
            print("ready")
            while True:
                with listening.accept()[0] as connection:
                    connection.sendall(sys.argv[1].encode())
            """;
    private static final String UDP_SERVER = """
            import socket, sys
            bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            bound.bind(("", 53))
            print("ready")
            while True:
                bound.sendto(sys.argv[1].encode(), bound.recvfrom(100)[1])
            """;
    private static final String CLIENT = """
            import socket, sys
            try:
                with socket.create_connection((sys.argv[1], int(sys.argv[2])), 2.5) as connection:
                    print(connection.recv(100).decode(), end="")
            except OSError:
                pass
            """;

    final Networks networks;
    final Endpoints endpoints;
    final NetworkLifecycle lifecycle;
    final PrivateStores stores;
    private final HostNetwork host;
    /** This one and those that came after it. */
    private final List<NetworkHost> lives;

    private final Reservations reservations;
    private final List<Process> programs;

    NetworkHost(Path folder) {
        this(new PrivateStores(folder), new ArrayList<>(), new ArrayList<>());
    }

    private NetworkHost(PrivateStores stores, List<NetworkHost> lives, List<Process> programs) {
        this.stores = stores;
        this.lives = lives;
        this.programs = programs;
        NetworkStores rows = new NetworkStores(stores.database, new Events(stores.database), stores.layout);
        networks = rows.networks;
        reservations = rows.reservations;
        host = new HostNetwork(networks, rows.reservations, NetavarkProgram.of(stores.layout), stores.layout);
        lives.add(this);
        endpoints = new Endpoints(networks, rows.reservations, host, stores.layout);
        lifecycle = new NetworkLifecycle(stores.database, networks, rows.reservations, endpoints, host, stores.layout);
    }

    /** The same with nothing in memory, as after a crash. */
    NetworkHost restarted() {
        host.release();
        return new NetworkHost(stores, lives, programs);
    }

    /** Runs a program in a namespace; returns its output. */
    String run(NamespaceOwner owner, String... command) throws IOException, InterruptedException {
        Process process = start(owner, command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private Process start(NamespaceOwner owner, String... command) throws IOException {
        List<String> whole = new ArrayList<>(
                List.of("nsenter", "--net=" + stores.layout.networkNamespaces().resolve(owner.id())));
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return process;
    }

    /** Answers every connection to port 80 of a namespace with a text. */
    void serve(NamespaceOwner owner, String text) throws IOException {
        serve(owner, SERVER, text);
    }

    /** Answers every packet to UDP port 53 of a namespace with a text. */
    void serveUdp(NamespaceOwner owner, String text) throws IOException {
        serve(owner, UDP_SERVER, text);
    }

    private void serve(NamespaceOwner owner, String program, String text) throws IOException {
        Process server = start(owner, "python3", "-uc", program, text);
        programs.add(server);
        if (!"ready".equals(server.inputReader().readLine())) {
            throw new IOException("no server");
        }
    }

    /** Runs a program of the host, which must succeed. */
    void execute(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    /** What a port of the host answers; empty if it does not. */
    String get(String address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), TIMEOUT);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a port answers a program in a namespace; empty if it does not. */
    String fetch(NamespaceOwner owner, String address, int port) throws IOException, InterruptedException {
        return run(owner, "python3", "-c", CLIENT, address, Integer.toString(port));
    }

    /** What the name server of a network answers a program in a namespace. */
    String resolve(NamespaceOwner owner, String network, String name) throws IOException, InterruptedException {
        String server = Cidr.text(
                networks.get(network).subnet(false).orElseThrow().gateway().orElseThrow());
        return run(owner, "busybox", "nslookup", "-type=a", name, server);
    }

    /** The IDs of the networks whose names are resolved. */
    Set<String> namedNetworks() throws IOException {
        return FileTrees.list(stores.layout.network().resolve("dns")).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals("aardvark.pid"))
                .collect(Collectors.toSet());
    }

    /** Gives an owner an endpoint, and connects nothing, as a start does in its first moment. */
    void reserve(NamespaceOwner owner, Network network) {
        reservations.reserve(owner, List.of(EndpointRequest.of(network.id())), List.of(), (wanted, used) -> wanted);
    }

    /** Processes of aardvark-dns that serve this daemon. */
    long nameServers() {
        String folder = stores.layout.network().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("aardvark-dns"))
                .filter(process -> List.of(process.info().arguments().orElse(new String[0])).stream()
                        .anyMatch(argument -> argument.startsWith(folder)))
                .count();
    }

    /** The names of the namespaces that are mounted. */
    Set<String> namespaces() throws IOException {
        Path folder = stores.layout.networkNamespaces();
        return Files.isDirectory(folder)
                ? Set.copyOf(FileTrees.list(folder).stream()
                        .map(file -> file.getFileName().toString())
                        .toList())
                : Set.of();
    }

    /** The table of the firewall; empty if there is none. */
    String rules() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("nft", "list", "table", "inet", "wherry-" + networks.tag())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Override
    public void close() throws Exception {
        for (Process program : programs) {
            program.destroyForcibly().waitFor();
        }
        lives.forEach(life -> life.host.release());
        // None of them may know what the others have changed.
        NetworkHost last = restarted();
        last.lifecycle.recover(Set.of());
        last.networks.list().stream().filter(network -> !network.isPredefined()).forEach(last.lifecycle::remove);
    }
}
