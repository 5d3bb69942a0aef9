package dev.wherry.cli.command.container;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code wherry port}. */
@Command
public final class PortCommand implements Callable<ExitStatus> {
    private final Session session;

    @Parameters(paramLabel = "CONTAINER", index = "0")
    private String container;

    @Parameters(paramLabel = "PORT[/PROTOCOL]", index = "1", arity = "0..1")
    private String port = "";

    public PortCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        Map<String, Object> ports = published();
        if (port.isEmpty()) {
            TreeMap<String, Object> sorted =
                    new TreeMap<>(Comparator.comparingInt(PortCommand::number).thenComparing(inner -> inner));
            sorted.putAll(ports);
            sorted.forEach((inner, outer) ->
                    hosts(outer).forEach(address -> session.console().out().println(inner + " -> " + address)));
            return ExitStatus.SUCCESS;
        }
        if (!port.matches("[0-9]{1,5}(/[a-z]{1,4})?")) {
            throw new Failure("port: \"" + port + "\" is not a port such as 80 or 80/tcp");
        }
        String inner = port.contains("/") ? port : port + "/tcp";
        if (!(ports.get(inner) instanceof List<?> addresses) || addresses.isEmpty()) {
            throw new Failure("no public port '" + inner + "' published for " + container);
        }
        hosts(addresses).forEach(session.console().out()::println);
        return ExitStatus.SUCCESS;
    }

    private static int number(String port) {
        return Integer.parseInt(port.split("/", 2)[0]);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> published() {
        Object found = JsonValues.parse(InspectContainerCommand.json(session, container));
        return found instanceof Map<?, ?> all
                        && all.get("NetworkSettings") instanceof Map<?, ?> network
                        && network.get("Ports") instanceof Map<?, ?> ports
                ? (Map<String, Object>) ports
                : Map.of();
    }

    private static List<String> hosts(Object addresses) {
        return addresses instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .map(address -> (Map<?, ?>) address)
                        .map(address -> PortsText.joined(
                                String.valueOf(address.get("HostIp")), String.valueOf(address.get("HostPort"))))
                        .toList()
                : List.of();
    }
}
