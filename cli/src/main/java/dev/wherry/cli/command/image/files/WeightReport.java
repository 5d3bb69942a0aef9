package dev.wherry.cli.command.image.files;

import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.FolderWeight;
import dev.wherry.v1.LayerWeight;
import dev.wherry.v1.WastedFile;
import dev.wherry.v1.WeighImageResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How an image's size is made up: by layer, by folder, and by what it stores in vain. */
final class WeightReport {
    private static final int INSTRUCTION = 80;
    private static final int NARROWEST = 2;

    private WeightReport() {}

    static String text(WeighImageResponse weight, int top) {
        StringBuilder text = new StringBuilder();
        table(text, layers(weight));
        table(text, folders(weight));
        table(text, wasted(weight, top));
        long total = total(weight);
        long waste = waste(weight);
        text.append(Units.size(total)).append(" in ").append(weight.getLayerWeightsCount());
        text.append(weight.getLayerWeightsCount() == 1 ? " layer, " : " layers, ")
                .append(Units.size(waste));
        text.append(String.format(Locale.ROOT, " (%.1f%%) wasted\n", 100 * share(waste, total)));
        return text.toString();
    }

    private static void table(StringBuilder text, List<String> lines) {
        if (lines.size() > 1) {
            Listing.aligned(lines, NARROWEST).forEach(line -> text.append(line).append('\n'));
            text.append('\n');
        }
    }

    private static List<String> layers(WeighImageResponse weight) {
        List<String> lines = new ArrayList<>(List.of("LAYER\tSIZE\tFILES\tWASTED\tINSTRUCTION"));
        for (LayerWeight layer : weight.getLayerWeightsList()) {
            String instruction = LayerJson.instruction(weight.getLayers(), layer.getNumber());
            lines.add(String.join(
                    "\t",
                    Integer.toString(layer.getNumber()),
                    Units.size(layer.getSizeBytes()),
                    Long.toString(layer.getFiles()),
                    Units.size(layer.getWastedBytes()),
                    TerminalText.shortened(TerminalText.oneLine(instruction), INSTRUCTION)));
        }
        return lines;
    }

    private static List<String> folders(WeighImageResponse weight) {
        List<String> lines = new ArrayList<>(List.of("FOLDER\tSIZE\tFILES"));
        for (FolderWeight folder : weight.getFoldersList()) {
            lines.add(String.join(
                    "\t",
                    TerminalText.escaped(folder.getPath()),
                    Units.size(folder.getSizeBytes()),
                    Long.toString(folder.getFiles())));
        }
        return lines;
    }

    private static List<String> wasted(WeighImageResponse weight, int top) {
        List<String> lines = new ArrayList<>(List.of("WASTED\tCOPIES\tFILE\tREASON"));
        List<WastedFile> all = weight.getWastedList();
        for (WastedFile file : top == 0 ? all : all.subList(0, Math.min(top, all.size()))) {
            lines.add(String.join(
                    "\t",
                    Units.size(file.getWastedBytes()),
                    Integer.toString(file.getCopies()),
                    TerminalText.escaped(file.getPath()),
                    "written in layer " + file.getWriter() + ", " + (file.getRemoved() ? "removed" : "replaced")
                            + " in layer " + file.getHider()));
        }
        return lines;
    }

    static Map<String, Object> json(WeighImageResponse weight) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", weight.getLayers().getImageId());
        json.put("size", total(weight));
        json.put("wasted", waste(weight));
        json.put("wastedShare", share(waste(weight), total(weight)));
        List<Object> layers = new ArrayList<>();
        for (int i = 0; i < weight.getLayerWeightsCount(); i++) {
            LayerWeight layer = weight.getLayerWeights(i);
            Map<String, Object> row = LayerJson.layer(weight.getLayers().getLayers(i));
            row.put("size", layer.getSizeBytes());
            row.put("files", layer.getFiles());
            row.put("wasted", layer.getWastedBytes());
            layers.add(row);
        }
        json.put("layers", layers);
        json.put(
                "folders",
                weight.getFoldersList().stream().map(WeightReport::folder).toList());
        json.put(
                "wastedFiles",
                weight.getWastedList().stream().map(WeightReport::file).toList());
        return json;
    }

    private static Map<String, Object> folder(FolderWeight folder) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("path", folder.getPath());
        row.put("size", folder.getSizeBytes());
        row.put("files", folder.getFiles());
        return row;
    }

    private static Map<String, Object> file(WastedFile file) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("path", file.getPath());
        row.put("copies", file.getCopies());
        row.put("wasted", file.getWastedBytes());
        row.put("removed", file.getRemoved());
        row.put("writtenInLayer", file.getWriter());
        row.put("hiddenByLayer", file.getHider());
        return row;
    }

    private static long total(WeighImageResponse weight) {
        return weight.getLayerWeightsList().stream()
                .mapToLong(LayerWeight::getSizeBytes)
                .sum();
    }

    private static long waste(WeighImageResponse weight) {
        return weight.getLayerWeightsList().stream()
                .mapToLong(LayerWeight::getWastedBytes)
                .sum();
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
