package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.ScreenLine;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.BuildOutline;
import dev.wherry.v1.BuildTarget;
import dev.wherry.v1.OutlineMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments and targets of a Dockerfile, as {@code wherry build --call} shows them. */
public final class OutlineReport {
    private static final int GAP = 3;

    private OutlineReport() {}

    /** The arguments, secrets and ssh agents of a target. */
    public static List<String> lines(BuildOutline outline) {
        List<String> lines = new ArrayList<>();
        if (!outline.getName().isEmpty() || !outline.getDescription().isEmpty()) {
            List<List<String>> head = new ArrayList<>();
            head.add(List.of("TARGET:", outline.getName().isEmpty() ? "(default)" : outline.getName()));
            if (!outline.getDescription().isEmpty()) {
                head.add(List.of("DESCRIPTION:", outline.getDescription()));
            }
            lines.addAll(columns(head, 1));
            lines.add("");
        }
        List<List<String>> args = new ArrayList<>();
        outline.getArgsList().forEach(arg -> args.add(List.of(arg.getName(), arg.getValue(), arg.getDescription())));
        section(lines, List.of("BUILD ARG", "VALUE", "DESCRIPTION"), args);
        section(lines, List.of("SECRET", "REQUIRED"), mounts(outline.getSecretsList()));
        section(lines, List.of("SSH", "REQUIRED"), mounts(outline.getSshList()));
        return lines;
    }

    private static void section(List<String> lines, List<String> head, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            List<List<String>> all = new ArrayList<>(rows);
            all.addFirst(head);
            lines.addAll(columns(all, GAP));
            lines.add("");
        }
    }

    private static List<List<String>> mounts(List<OutlineMount> mounts) {
        List<List<String>> rows = new ArrayList<>();
        mounts.forEach(mount -> rows.add(List.of(mount.getId(), mount.getRequired() ? "true" : "")));
        return rows;
    }

    /** The stages. */
    public static List<String> lines(List<BuildTarget> targets) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("TARGET", "DESCRIPTION"));
        for (BuildTarget target : targets) {
            String mark = target.getName().isEmpty() ? "(default)" : " (default)";
            rows.add(List.of(target.getName() + (target.getIsDefault() ? mark : ""), target.getDescription()));
        }
        return columns(rows, 1);
    }

    public static String json(BuildOutline outline) {
        Map<String, Object> json = new LinkedHashMap<>();
        putText(json, "name", outline.getName());
        putText(json, "description", outline.getDescription());
        List<Object> args = new ArrayList<>();
        outline.getArgsList().forEach(arg -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", arg.getName());
            putText(one, "description", arg.getDescription());
            putText(one, "value", arg.getValue());
            one.put("location", location(arg.getLine()));
            args.add(one);
        });
        putList(json, "args", args);
        putList(json, "secrets", jsonMounts(outline.getSecretsList()));
        putList(json, "ssh", jsonMounts(outline.getSshList()));
        return JsonValues.indented(json);
    }

    private static List<Object> jsonMounts(List<OutlineMount> mounts) {
        List<Object> all = new ArrayList<>();
        mounts.forEach(mount -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", mount.getId());
            if (mount.getRequired()) {
                one.put("required", true);
            }
            one.put("location", location(mount.getLine()));
            all.add(one);
        });
        return all;
    }

    public static String json(List<BuildTarget> targets) {
        List<Object> all = new ArrayList<>();
        targets.forEach(target -> {
            Map<String, Object> one = new LinkedHashMap<>();
            putText(one, "name", target.getName());
            if (target.getIsDefault()) {
                one.put("default", true);
            }
            putText(one, "description", target.getDescription());
            putText(one, "base", target.getBase());
            putText(one, "platform", target.getPlatform());
            one.put("location", location(target.getLine()));
            all.add(one);
        });
        return JsonValues.indented(Map.of("targets", all));
    }

    private static Map<String, Object> location(int line) {
        return Map.of("ranges", List.of(Map.of("start", Map.of("line", (long) line))));
    }

    private static void putText(Map<String, Object> json, String name, String text) {
        if (!text.isEmpty()) {
            json.put(name, text);
        }
    }

    private static void putList(Map<String, Object> json, String name, List<Object> list) {
        if (!list.isEmpty()) {
            json.put(name, list);
        }
    }

    /** Rows whose cells, but for the last of each, have the width of their column. */
    private static List<String> columns(List<List<String>> rows, int gap) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], ScreenLine.width(TerminalText.oneLine(row.get(i))) + gap);
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = TerminalText.oneLine(row.get(i));
                line.append(cell).repeat(" ", widths[i] - ScreenLine.width(cell));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
