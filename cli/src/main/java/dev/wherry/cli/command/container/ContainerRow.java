package dev.wherry.cli.command.container;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.Method;
import dev.wherry.cli.view.template.Quotes;
import dev.wherry.v1.ContainerSummary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A container as a row of {@code ps}.
 *
 * @param whole whether IDs and commands are not shortened
 */
public record ContainerRow(boolean whole, Instant now) {
    static final List<String> COLUMNS = List.of("ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names");
    public static final Map<String, String> HEADERS = Map.ofEntries(
            Map.entry("ID", "CONTAINER ID"),
            Map.entry("Image", "IMAGE"),
            Map.entry("Command", "COMMAND"),
            Map.entry("CreatedAt", "CREATED AT"),
            Map.entry("RunningFor", "CREATED"),
            Map.entry("Status", "STATUS"),
            Map.entry("State", "STATE"),
            Map.entry("Ports", "PORTS"),
            Map.entry("Names", "NAMES"),
            Map.entry("Labels", "LABELS"),
            Map.entry("Size", "SIZE"),
            Map.entry("Mounts", "MOUNTS"),
            Map.entry("LocalVolumes", "LOCAL VOLUMES"),
            Map.entry("Networks", "NETWORKS"));
    private static final int COMMAND = 20;
    private static final int MOUNT = 15;

    /** The fields by name, in the order in which docker prints them as JSON. */
    public Map<String, Object> of(ContainerSummary container) {
        String command = command(container.getCommandList());
        Map<String, Object> row = new TreeMap<>();
        row.put("ID", id(container));
        row.put("Image", image(container));
        row.put("Command", Quotes.quoted(whole ? command : TerminalText.shortened(command, COMMAND)));
        row.put("CreatedAt", Units.timestamp(container.getCreatedNanos()));
        row.put("RunningFor", Units.ago(container.getCreatedNanos(), now));
        row.put("Status", status(container));
        row.put("State", container.getState());
        row.put("Ports", PortsText.of(container.getPortsList()));
        row.put("Names", container.getName());
        row.put("Labels", KeyValues.shown(container.getLabelsMap(), ","));
        row.put("Label", (Method) key -> container.getLabelsMap().getOrDefault(key, ""));
        row.put("Size", size(container));
        row.put("Mounts", mounts(container));
        row.put("LocalVolumes", Integer.toString(container.getLocalVolumes()));
        row.put("Networks", String.join(",", container.getNetworksList()));
        return row;
    }

    /** Arguments with blanks are quoted, the program is not. */
    private static String command(List<String> words) {
        return IntStream.range(0, words.size())
                .mapToObj(i -> i > 0 && words.get(i).contains(" ") ? "'" + words.get(i) + "'" : words.get(i))
                .collect(Collectors.joining(" "));
    }

    String id(ContainerSummary container) {
        return whole ? container.getId() : TerminalText.shortId(container.getId());
    }

    /** The name that the container was made with; an image that was named by its ID has the short one. */
    private String image(ContainerSummary container) {
        String id = TerminalText.shortId(container.getImageId());
        return !whole && !id.isEmpty() && id.equals(TerminalText.shortId(container.getImage()))
                ? id
                : container.getImage();
    }

    private static String size(ContainerSummary container) {
        String written = Units.size(container.getSizeBytes());
        long seen = container.getRootSizeBytes();
        return seen > 0 ? written + " (virtual " + Units.size(seen) + ")" : written;
    }

    private String mounts(ContainerSummary container) {
        return container.getMountsList().stream()
                .map(mount -> whole ? mount : TerminalText.shortened(mount, MOUNT))
                .collect(Collectors.joining(","));
    }

    /** The state in words, as {@code Up 3 seconds (healthy)} or {@code Exited (0) 5 seconds ago}. */
    String status(ContainerSummary container) {
        String ended = "(" + container.getExitCode() + ") " + Units.ago(container.getFinishedNanos(), now);
        String up = "Up " + Units.duration(Units.since(container.getStartedNanos(), now));
        return switch (container.getState()) {
            case "running" -> up + health(container.getHealth());
            case "paused" -> up + " (Paused)";
            case "exited" -> "Exited " + ended;
            case "restarting" -> "Restarting " + ended;
            case "created" -> "Created";
            case "dead" -> "Dead";
            default -> container.getState();
        };
    }

    private static String health(String health) {
        return switch (health) {
            case "", "none" -> "";
            case "starting" -> " (health: starting)";
            default -> " (" + health + ")";
        };
    }
}
