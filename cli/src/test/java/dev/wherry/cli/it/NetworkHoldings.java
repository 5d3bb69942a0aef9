package dev.wherry.cli.it;

import dev.wherry.cli.app.InProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the networks of a daemon are on the host: addresses in namespaces, ports of bridges, rules of the firewall, names,
 * and answers of published ports. All of it must be what the rows say, no more and no less.
 */
final class NetworkHoldings {

    private static final Path LINKS = Path.of("/sys/class/net");
    private static final Pattern ADDRESS = Pattern.compile("\\d+: (\\S+) +inet ([0-9.]+)/");
    private static final Pattern GATEWAY = Pattern.compile("\"gateway\":\"([0-9.]+)\"");
    private static final Pattern BRIDGE = Pattern.compile("\"((?:br|wherry)-[^\"]+)\"");
    private static final Pattern ELEMENT = Pattern.compile("(tcp|udp) \\. (\\d+) : ([0-9.]+) \\. (\\d+)");
    private static final int PATIENCE_MILLIS = 2000;

    private final Daemon daemon;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    private NetworkHoldings(Daemon daemon) {
        this.daemon = daemon;
    }

    /** @param name of the owner */
    private record Endpoint(
            String owner,
            String name,
            String interfaceName,
            String address,
            String network,
            String bridge,
            String gateway) {

        boolean hasNames() {
            return !network.equals("bridge");
        }
    }

    private record Port(String owner, String protocol, int host, int container) {}

    /** Where rows and host differ; empty when they agree. */
    static List<String> wrong(Daemon daemon) throws IOException, InterruptedException {
        NetworkHoldings holdings = new NetworkHoldings(daemon);
        try (Connection connection = Holdings.connect(daemon)) {
            connection.setAutoCommit(false);
            holdings.read(connection);
            holdings.owners(connection);
            holdings.bridges(connection);
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
        holdings.addresses();
        holdings.firewall(table(daemon));
        holdings.names();
        holdings.answers();
        return holdings.wrong;
    }

    /** What is left of the networks of a daemon that has ended, and was told to while nothing ran. */
    static List<String> left(Daemon daemon) throws IOException, InterruptedException {
        NetworkHoldings holdings = new NetworkHoldings(daemon);
        String table = table(daemon);
        if (!run("nft", "list", "table", "inet", table).isEmpty()) {
            holdings.wrong.add("table " + table);
        }
        if (Files.exists(LINKS.resolve(table))) {
            holdings.wrong.add("bridge " + table);
        }
        try (Connection connection = Holdings.connect(daemon)) {
            holdings.bridges(connection);
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
        holdings.wrong.addAll(Host.left(daemon.home()));
        return holdings.wrong;
    }

    /** The daemon's table of the firewall, with all that it looks up. */
    static String rules(Daemon daemon) throws IOException, InterruptedException {
        return run("nft", "list", "table", "inet", table(daemon));
    }

    /** The name of its table in the firewall, which is that of its default bridge too. */
    private static String table(Daemon daemon) {
        return "wherry-" + Holdings.tag(daemon);
    }

    private void read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT e.*, n.name, n.interface AS bridge, n.subnets FROM endpoint e"
                                + " JOIN network n ON n.id = e.network ORDER BY e.owner, e.metric")) {
            while (row.next()) {
                endpoints.add(new Endpoint(
                        row.getString("owner"),
                        row.getString("owner_name"),
                        row.getString("interface"),
                        row.getString("ipv4"),
                        row.getString("name"),
                        row.getString("bridge"),
                        GATEWAY.matcher(row.getString("subnets"))
                                .results()
                                .map(match -> match.group(1))
                                .findFirst()
                                .orElse("")));
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM published_port")) {
            while (row.next()) {
                ports.add(new Port(
                        row.getString("owner"),
                        row.getString("protocol"),
                        row.getInt("host_port"),
                        row.getInt("container_port")));
            }
        }
        Set<String> given = new HashSet<>();
        endpoints.stream()
                .filter(endpoint -> !given.add(endpoint.address()))
                .forEach(endpoint -> wrong.add("address given twice: " + endpoint));
        ports.stream()
                .filter(port -> !given.add(port.protocol() + port.host()))
                .forEach(port -> wrong.add("port given twice: " + port));
    }

    /** A container has the networks that its settings name, and is known there by its own name. */
    private void owners(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT id, name FROM container WHERE state IN ('running', 'paused')")) {
            while (row.next()) {
                String id = row.getString("id");
                String name = row.getString("name");
                List<Endpoint> own = endpointsOf(id);
                own.stream()
                        .filter(endpoint -> !endpoint.name().equals(name))
                        .forEach(endpoint -> wrong.add("container " + name + " is known as another: " + endpoint));
                Set<String> expected = own.stream()
                        .map(endpoint -> endpoint.network() + " " + endpoint.address())
                        .collect(Collectors.toSet());
                Set<String> listed = InProcess.wherry(
                                "unix://" + daemon.socket(),
                                "inspect",
                                "-f",
                                "{{range $name, $one := .NetworkSettings.Networks}}{{$name}} {{$one.IPAddress}}\n"
                                        + "{{end}}",
                                id)
                        .stdout()
                        .lines()
                        .filter(line -> !line.isBlank())
                        .collect(Collectors.toSet());
                if (!listed.equals(expected)) {
                    wrong.add("container " + name + " is listed on " + listed + " and is on " + expected);
                }
            }
        }
    }

    private List<Endpoint> endpointsOf(String owner) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.owner().equals(owner))
                .toList();
    }

    /** No bridge of a network that is gone, and as many ports at each other one as there are endpoints. */
    private void bridges(Connection connection) throws SQLException, IOException {
        Set<String> networks = Set.copyOf(Holdings.column(connection, "SELECT id FROM network"));
        for (String id : Holdings.column(
                connection, "SELECT DISTINCT actor FROM event WHERE type = 'network' AND action = 'create'")) {
            if (!networks.contains(id) && Files.exists(LINKS.resolve("br-" + id.substring(0, 12)))) {
                wrong.add("bridge of network " + id + ", which is gone");
            }
        }
        for (String bridge : Holdings.column(connection, "SELECT interface FROM network WHERE driver = 'BRIDGE'")) {
            Path folder = LINKS.resolve(bridge).resolve("brif");
            List<String> links = List.of();
            if (Files.isDirectory(folder)) {
                try (Stream<Path> all = Files.list(folder)) {
                    links = all.map(link -> link.getFileName().toString()).toList();
                }
            }
            long expected = endpoints.stream()
                    .filter(endpoint -> endpoint.bridge().equals(bridge))
                    .count();
            if (links.size() != expected) {
                wrong.add("bridge " + bridge + " has links " + links + " instead of " + expected);
            }
        }
    }

    private void addresses() throws IOException, InterruptedException {
        for (String owner : owners()) {
            Set<String> expected = endpointsOf(owner).stream()
                    .map(endpoint -> endpoint.interfaceName() + " " + endpoint.address())
                    .collect(Collectors.toSet());
            Set<String> found = ADDRESS.matcher(within(owner, "busybox", "ip", "-o", "-4", "addr"))
                    .results()
                    .filter(result -> !result.group(1).equals("lo"))
                    .map(result -> result.group(1) + " " + result.group(2))
                    .collect(Collectors.toSet());
            if (!found.equals(expected)) {
                wrong.add("container " + owner + " has addresses " + found + " instead of " + expected);
            }
        }
    }

    private Set<String> owners() {
        return endpoints.stream().map(Endpoint::owner).collect(Collectors.toCollection(TreeSet::new));
    }

    private void firewall(String table) throws IOException, InterruptedException {
        String rules = run("nft", "list", "table", "inet", table);
        Set<String> found =
                ELEMENT.matcher(rules).results().map(MatchResult::group).collect(Collectors.toSet());
        Set<String> expected = new HashSet<>();
        for (Port port : ports) {
            endpointsOf(port.owner()).stream()
                    .findFirst()
                    .ifPresent(endpoint -> expected.add("%s . %d : %s . %d"
                            .formatted(port.protocol(), port.host(), endpoint.address(), port.container())));
        }
        if (!found.equals(expected)) {
            wrong.add("the firewall has ports " + found + " instead of " + expected);
        }
        Set<String> bridges = endpoints.stream().map(Endpoint::bridge).collect(Collectors.toSet());
        bridges.stream()
                .filter(bridge -> !rules.contains('"' + bridge + '"'))
                .forEach(bridge -> wrong.add("the firewall does not know bridge " + bridge));
        BRIDGE.matcher(rules)
                .results()
                .map(match -> match.group(1))
                .filter(bridge -> !bridges.contains(bridge) && !Files.exists(LINKS.resolve(bridge)))
                .forEach(bridge -> wrong.add("the firewall knows bridge " + bridge + ", which is gone"));
        for (String program : List.of("iptables", "ip6tables")) {
            run(program, "-w", "-S", "FORWARD")
                    .lines()
                    .filter(line -> line.contains(table))
                    .filter(line ->
                            endpoints.stream().noneMatch(endpoint -> line.contains(" " + endpoint.bridge() + " ")))
                    .forEach(line -> wrong.add(program + " " + line));
        }
    }

    private void names() throws IOException, InterruptedException {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.hasNames()) {
                Set<String> expected = endpoints.stream()
                        .filter(other -> other.network().equals(endpoint.network()))
                        .filter(other -> other.name().equals(endpoint.name()))
                        .map(Endpoint::address)
                        .collect(Collectors.toSet());
                String answer =
                        within(endpoint.owner(), "busybox", "nslookup", "-type=a", endpoint.name(), endpoint.gateway());
                if (expected.stream().noneMatch(answer::contains)) {
                    wrong.add("name of " + endpoint + " is not resolved to " + expected + " but " + answer);
                }
            }
        }
        Set<String> networks = endpoints.stream()
                .filter(Endpoint::hasNames)
                .map(Endpoint::network)
                .collect(Collectors.toSet());
        Path zones = daemon.runRoot().resolve("network/dns");
        long files = 0;
        if (Files.isDirectory(zones)) {
            try (Stream<Path> all = Files.list(zones)) {
                files = all.filter(file -> !file.endsWith("aardvark.pid")).count();
            }
        }
        if (files != networks.size()) {
            wrong.add(files + " zones of networks " + networks);
        }
        long servers = Host.processes(daemon.home()).stream()
                .filter(process -> Host.commandLine(process.pid()).contains("aardvark-dns"))
                .count();
        if (servers != (networks.isEmpty() ? 0 : 1)) {
            wrong.add(servers + " name servers for networks " + networks);
        }
    }

    /** A program at port 80 of each container answers with the container's host name. */
    private void answers() throws IOException, InterruptedException {
        for (Port port : ports) {
            if (endpointsOf(port.owner()).isEmpty()) {
                // It leads somewhere again when its container is on a network again.
                continue;
            }
            String expected = port.owner().substring(0, 12);
            String answer;
            try {
                HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port.host() + "/")
                        .toURL()
                        .openConnection();
                connection.setConnectTimeout(PATIENCE_MILLIS);
                connection.setReadTimeout(PATIENCE_MILLIS);
                answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            } catch (IOException failure) {
                answer = failure.toString();
            }
            if (!answer.equals(expected)) {
                wrong.add("port " + port + " answers " + answer + "\n" + ways(port.owner()));
            }
        }
    }

    /** How packets go between the host and a container, for whoever has to find out why they do not. */
    private String ways(String owner) throws IOException, InterruptedException {
        StringBuilder ways = new StringBuilder();
        for (List<String> command : List.of(
                List.of("ip", "-o", "addr"),
                List.of("ip", "route"),
                List.of("ip", "neigh"),
                List.of("bridge", "link"),
                List.of("bridge", "fdb"))) {
            String[] words = command.toArray(String[]::new);
            ways.append("host: ").append(command).append('\n').append(run(words));
            if (words[0].equals("ip")) {
                ways.append("container: ").append(command).append('\n').append(within(owner, words));
            }
        }
        return ways.append("firewall:\n")
                .append(run("nft", "list", "table", "inet", table(daemon)))
                .toString();
    }

    private String within(String owner, String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(
                List.of("nsenter", "--net=" + daemon.runRoot().resolve("netns").resolve(owner)));
        whole.addAll(List.of(command));
        return run(whole.toArray(String[]::new));
    }

    /** What a program says on standard output, if it succeeds. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output : "";
    }
}
