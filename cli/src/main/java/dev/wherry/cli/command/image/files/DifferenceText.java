package dev.wherry.cli.command.image.files;

import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.CompareImagesResponse;
import dev.wherry.v1.ConfigDifference;
import dev.wherry.v1.FileDifference;
import dev.wherry.v1.FileDifference.Aspect;
import dev.wherry.v1.ImageFile;
import dev.wherry.v1.ImageLayers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What differs between two images, for a reader: settings first, then files, each under the layer that made the change. */
final class DifferenceText {
    private static final int INSTRUCTION = 100;
    private static final int NARROWEST = 2;

    private final CompareImagesResponse head;
    private final List<FileDifference> files;
    private final StringBuilder text = new StringBuilder();

    private DifferenceText(CompareImagesResponse head, List<FileDifference> files) {
        this.head = head;
        this.files = files;
    }

    static String of(CompareImagesResponse head, List<FileDifference> files) {
        return new DifferenceText(head, files).write();
    }

    private String write() {
        if (head.getConfigCount() > 0) {
            text.append("Config\n");
            head.getConfigList().forEach(this::config);
        }
        Map<Integer, List<FileDifference>> changed = new TreeMap<>();
        Map<Integer, List<FileDifference>> missing = new TreeMap<>();
        for (FileDifference file : files) {
            boolean never = file.getLayer() == 0;
            (never ? missing : changed)
                    .computeIfAbsent(never ? file.getBefore().getLayer() : file.getLayer(), _ -> new ArrayList<>())
                    .add(file);
        }
        missing.forEach((layer, all) -> section(head.getBeforeName(), head.getBefore(), layer, "not in ", all));
        changed.forEach((layer, all) -> section(head.getAfterName(), head.getAfter(), layer, "", all));
        text.append(summary()).append('\n');
        return text.toString();
    }

    private void config(ConfigDifference change) {
        String name = change.getKey().isEmpty() ? change.getField() : change.getField() + " " + change.getKey();
        String value;
        if (change.hasBefore() && change.hasAfter()) {
            value = shown(change.getBefore()) + " -> " + shown(change.getAfter());
        } else {
            value = change.hasAfter() ? change.getAfter() : change.getBefore();
        }
        char sign = change.hasBefore() ? change.hasAfter() ? '~' : '-' : '+';
        text.append(sign).append(' ').append(TerminalText.oneLine(name));
        text.append(value.isEmpty() ? "" : ": " + TerminalText.oneLine(value)).append('\n');
    }

    private static String shown(String value) {
        return value.isEmpty() ? "\"\"" : value;
    }

    private void section(String image, ImageLayers layers, int layer, String missing, List<FileDifference> all) {
        String instruction = LayerJson.instruction(layers, layer);
        text.append(text.isEmpty() ? "" : "\n");
        text.append("Layer ").append(layer);
        if (!missing.isEmpty()) {
            text.append(" of ").append(TerminalText.oneLine(image));
            text.append(", ").append(missing).append(TerminalText.oneLine(head.getAfterName()));
        }
        if (!instruction.isBlank()) {
            text.append(": ").append(TerminalText.shortened(TerminalText.oneLine(instruction), INSTRUCTION));
        }
        text.append('\n');
        List<String> lines = all.stream().map(DifferenceText::line).toList();
        Listing.aligned(lines, NARROWEST).forEach(line -> text.append(line).append('\n'));
    }

    private static String line(FileDifference file) {
        ImageFile shown = file.hasAfter() ? file.getAfter() : file.getBefore();
        String sign = file.hasBefore() ? file.hasAfter() ? "~" : "-" : "+";
        String path = TerminalText.escaped(shown.getPath())
                + (shown.getLinkTarget().isEmpty() ? "" : " -> " + TerminalText.escaped(shown.getLinkTarget()));
        String aspects = file.getAspectsList().stream()
                .map(aspect -> aspect(aspect, file.getBefore()))
                .collect(Collectors.joining(", "));
        return String.join(
                "\t",
                sign + " " + ModeText.of(shown.getMode()),
                shown.getUid() + ":" + shown.getGid(),
                Units.size(shown.getSizeBytes()),
                path + (aspects.isEmpty() ? "" : "  (" + aspects + ")"));
    }

    /** What changed, and how it was before where the line does not say so. */
    private static String aspect(Aspect aspect, ImageFile before) {
        return switch (aspect) {
            case ASPECT_TYPE, ASPECT_MODE -> "was " + ModeText.of(before.getMode());
            case ASPECT_OWNER -> "was " + before.getUid() + ":" + before.getGid();
            case ASPECT_CONTENT -> "was " + Units.size(before.getSizeBytes());
            case ASPECT_TARGET -> "was -> " + TerminalText.escaped(before.getLinkTarget());
            case ASPECT_DEVICE -> "was device " + before.getDeviceMajor() + ", " + before.getDeviceMinor();
            case ASPECT_ATTRIBUTES -> "extended attributes";
            case ASPECT_UNSPECIFIED, UNRECOGNIZED -> "changed";
        };
    }

    private String summary() {
        long added = 0;
        long removed = 0;
        long grown = 0;
        for (FileDifference file : files) {
            added += file.hasBefore() ? 0 : 1;
            removed += file.hasAfter() ? 0 : 1;
            grown += file.getAfter().getSizeBytes() - file.getBefore().getSizeBytes();
        }
        String counts = files.isEmpty()
                ? "No file differs"
                : added + " added, " + (files.size() - added - removed) + " changed, " + removed + " removed, "
                        + (grown < 0 ? "-" : "+") + Units.size(Math.abs(grown));
        return (text.isEmpty() ? "" : "\n") + counts + "; the images share "
                + (head.getSharedLayers() == 1 ? "1 layer" : head.getSharedLayers() + " layers");
    }
}
