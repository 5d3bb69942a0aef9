package dev.wherry.cli.command.image.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.v1.CompareImagesResponse;
import dev.wherry.v1.ConfigDifference;
import dev.wherry.v1.FileDifference;
import dev.wherry.v1.ImageFile;
import dev.wherry.v1.ImageLayer;
import dev.wherry.v1.ImageLayers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DifferenceTextTest {
    private static final CompareImagesResponse HEAD = CompareImagesResponse.newBuilder()
            .setBeforeName("app:1")
            .setAfterName("app:2")
            .setBefore(layers("FROM scratch", "COPY old /"))
            .setAfter(layers("FROM scratch", "RUN \u001b[31mfirst", "COPY app /app"))
            .setSharedLayers(1)
            .addConfig(ConfigDifference.newBuilder()
                    .setField("Cmd")
                    .setBefore("[\"sh\"]")
                    .setAfter("[\"node\"]"))
            .addConfig(ConfigDifference.newBuilder()
                    .setField("Env")
                    .setKey("NODE_VERSION")
                    .setAfter("22"))
            .addConfig(ConfigDifference.newBuilder()
                    .setField("Volumes")
                    .setKey("/data")
                    .setBefore(""))
            .build();

    private static ImageLayers layers(String... instructions) {
        ImageLayers.Builder layers = ImageLayers.newBuilder().setImageId("sha256:1");
        for (int i = 0; i < instructions.length; i++) {
            layers.addLayers(ImageLayer.newBuilder().setNumber(i + 1).setInstruction(instructions[i]));
        }
        return layers.build();
    }

    private static ImageFile.Builder file(String path, int mode, long size, int layer) {
        return ImageFile.newBuilder()
                .setPath(path)
                .setMode(mode)
                .setSizeBytes(size)
                .setLayer(layer);
    }

    private static final List<FileDifference> FILES = List.of(
            FileDifference.newBuilder()
                    .setAfter(file("/app", 0100644, 12_300, 3))
                    .setLayer(3)
                    .build(),
            FileDifference.newBuilder()
                    .setBefore(file("/etc/passwd", 0100644, 10, 1))
                    .setAfter(file("/etc/passwd", 0104755, 20, 2).setUid(1000))
                    .addAspects(FileDifference.Aspect.ASPECT_CONTENT)
                    .addAspects(FileDifference.Aspect.ASPECT_MODE)
                    .addAspects(FileDifference.Aspect.ASPECT_OWNER)
                    .setLayer(2)
                    .build(),
            FileDifference.newBuilder()
                    .setBefore(file("/old", 0100600, 1000, 2))
                    .build());

    @Test
    void settingsComeFirstAndFilesStandUnderTheirInstruction() {
        assertThat(DifferenceText.of(HEAD, FILES)).isEqualTo("""
                Config
                ~ Cmd: ["sh"] -> ["node"]
                + Env NODE_VERSION: 22
                - Volumes /data

                Layer 2 of app:1, not in app:2: COPY old /
                - -rw-------   0:0   1kB   /old

                Layer 2: RUN first
                ~ -rwsr-xr-x   1000:0   20B   /etc/passwd  (was 10B, was -rw-r--r--, was 0:0)

                Layer 3: COPY app /app
                + -rw-r--r--   0:0   12.3kB   /app

                1 added, 1 changed, 1 removed, +11.3kB; the images share 1 layer
                """);
    }

    @Test
    void equalImagesAreSaidToBeEqual() {
        assertThat(DifferenceText.of(
                        CompareImagesResponse.newBuilder().setSharedLayers(4).build(), List.of()))
                .isEqualTo("No file differs; the images share 4 layers\n");
    }

    @Test
    @SuppressWarnings("unchecked")
    void programsGetBothSidesAndTheInstruction() {
        Map<String, Object> json = DifferenceJson.of(HEAD, FILES);

        List<Map<String, Object>> files = (List<Map<String, Object>>) json.get("files");
        assertThat(files).extracting(file -> file.get("change")).containsExactly("added", "changed", "removed");
        assertThat(files.get(1))
                .containsEntry("path", "/etc/passwd")
                .containsEntry("aspects", List.of("content", "mode", "owner"))
                .containsEntry("instruction", "RUN \u001b[31mfirst");
        assertThat((Map<String, Object>) files.get(1).get("before")).containsEntry("mode", "-rw-r--r--");
        assertThat(files.get(2)).containsEntry("after", null);
    }
}
