package dev.wherry.cli.command.image.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.FolderWeight;
import dev.wherry.v1.ImageLayer;
import dev.wherry.v1.ImageLayers;
import dev.wherry.v1.LayerWeight;
import dev.wherry.v1.WastedFile;
import dev.wherry.v1.WeighImageResponse;
import org.junit.jupiter.api.Test;

class WeightReportTest {
    private static final WeighImageResponse WEIGHT = WeighImageResponse.newBuilder()
            .setLayers(ImageLayers.newBuilder()
                    .setImageId("sha256:1")
                    .addLayers(ImageLayer.newBuilder().setNumber(1).setInstruction("COPY a /"))
                    .addLayers(ImageLayer.newBuilder().setNumber(2).setInstruction("RUN rm a")))
            .addLayerWeights(LayerWeight.newBuilder()
                    .setNumber(1)
                    .setSizeBytes(3000)
                    .setFiles(2)
                    .setWastedBytes(1000))
            .addLayerWeights(
                    LayerWeight.newBuilder().setNumber(2).setSizeBytes(1000).setFiles(1))
            .addFolders(
                    FolderWeight.newBuilder().setPath("/usr").setSizeBytes(2000).setFiles(1))
            .addWasted(WastedFile.newBuilder()
                    .setPath("/a")
                    .setCopies(1)
                    .setWastedBytes(1000)
                    .setRemoved(true)
                    .setWriter(1)
                    .setHider(2))
            .build();

    @Test
    void sizesAreShownByLayerAndFolderAndWasteWithItsReason() {
        assertThat(WeightReport.text(WEIGHT, 10)).isEqualTo("""
                LAYER   SIZE   FILES   WASTED   INSTRUCTION
                1       3kB    2       1kB      COPY a /
                2       1kB    1       0B       RUN rm a

                FOLDER   SIZE   FILES
                /usr     2kB    1

                WASTED   COPIES   FILE   REASON
                1kB      1        /a     written in layer 1, removed in layer 2

                4kB in 2 layers, 1kB (25.0%) wasted
                """);
    }

    @Test
    void programsGetTheShare() {
        assertThat(WeightReport.json(WEIGHT)).containsEntry("size", 4000L).containsEntry("wastedShare", 0.25);
    }
}
