package dev.wherry.daemon.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageConfigTest {

    private static final String LAYER = "sha256:" + "ab".repeat(32);

    /** As docker writes them, with a field of its own that means nothing here. */
    private static final String DOCKER = """
            {"architecture":"arm","config":{"Hostname":"","User":"node","ExposedPorts":{"80/tcp":{},"53/udp":{}},\
            "Env":["PATH=/bin","A=b=c"],"Cmd":["node"],"Entrypoint":["/entry","-x"],"Volumes":{"/data":{}},\
            "WorkingDir":"/app","OnBuild":null,"Labels":{"b":"2","a":"1"},"StopSignal":"SIGQUIT",\
            "Shell":["/bin/sh","-c"],"Healthcheck":{"Test":["CMD","true"],"Interval":1000000000}},\
            "container":"0123","created":"2026-01-02T03:04:05.678901234Z",\
            "history":[{"created":"2026-01-02T03:04:05Z","created_by":"ADD file"},\
            {"created_by":"CMD [\\"node\\"]","comment":"buildkit","empty_layer":true}],\
            "moby.buildkit.trace":"x","os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]},"variant":"v7"}\
            """.formatted(LAYER);

    private static ImageConfig read(String json) {
        return CanonicalJson.read(json.getBytes(StandardCharsets.UTF_8), ImageConfig.class, "the config");
    }

    private static String write(Object value) {
        return new String(CanonicalJson.write(value), StandardCharsets.UTF_8);
    }

    @Test
    void dockersConfigIsUnderstood() {
        ImageConfig config = read(DOCKER);
        assertThat(config.architecture()).isEqualTo("arm");
        assertThat(config.variant()).isEqualTo("v7");
        assertThat(config.rootfs().diffIds()).containsExactly(Digest.parse(LAYER));
        assertThat(config.history()).hasSize(2);
        assertThat(config.history().getLast().emptyLayer()).isTrue();
        assertThat(config.config().env()).containsExactly("PATH=/bin", "A=b=c");
        assertThat(config.config().exposedPorts()).containsOnlyKeys("80/tcp", "53/udp");
        assertThat(config.config().entrypoint()).containsExactly("/entry", "-x");
        assertThat(config.config().healthcheck()).containsEntry("Interval", 1000000000);
        assertThat(config.config().onBuild()).isNull();
    }

    @Test
    void configIsWrittenTheSameWayAlways() {
        assertThat(write(read(DOCKER))).isEqualTo("""
                {"created":"2026-01-02T03:04:05.678901234Z","architecture":"arm","variant":"v7","os":"linux",\
                "config":{"Hostname":"","User":"node","ExposedPorts":{"53/udp":{},"80/tcp":{}},\
                "Env":["PATH=/bin","A=b=c"],"Entrypoint":["/entry","-x"],"Cmd":["node"],"Volumes":{"/data":{}},\
                "WorkingDir":"/app","Labels":{"a":"1","b":"2"},"StopSignal":"SIGQUIT","Shell":["/bin/sh","-c"],\
                "Healthcheck":{"Interval":1000000000,"Test":["CMD","true"]}},\
                "rootfs":{"type":"layers","diff_ids":["%s"]},\
                "history":[{"created":"2026-01-02T03:04:05Z","created_by":"ADD file"},\
                {"created_by":"CMD [\\"node\\"]","comment":"buildkit","empty_layer":true}]}\
                """.formatted(LAYER));
    }

    @Test
    void writtenConfigReadsBackEqual() {
        ImageConfig config = read(DOCKER);
        assertThat(read(write(config))).isEqualTo(config);
    }

    @Test
    void labelsInAnyOrderGiveTheSameBytes() {
        Map<String, String> reversed = new LinkedHashMap<>();
        reversed.put("b", "2");
        reversed.put("a", "1");
        assertThat(CanonicalJson.write(new Descriptor("x", Digest.parse(LAYER), 1, reversed)))
                .isEqualTo(
                        CanonicalJson.write(new Descriptor("x", Digest.parse(LAYER), 1, Map.of("a", "1", "b", "2"))));
    }

    @Test
    void manifestIsOfTheOciForm() {
        Descriptor config = new Descriptor(MediaTypes.CONFIG, Digest.parse(LAYER), 12);
        assertThat(write(new Manifest(
                        MediaTypes.MANIFEST,
                        config,
                        List.of(new Descriptor(MediaTypes.LAYER, Digest.parse(LAYER), 3)),
                        java.util.Map.of())))
                .isEqualTo("""
                        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                        "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":12},\
                        "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":3}]}\
                        """.formatted(LAYER, LAYER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{} {}",
                "{\"config\":3}",
                "{\"rootfs\":{\"diff_ids\":[\"sha256:12\"]}}",
                "{\"config\":{\"Env\":{\"a\":1}}}",
            })
    void whatIsNoConfigIsCorrupt(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(CorruptContentException.class)
                .hasMessageStartingWith("the config is ");
    }

    @Test
    void deepNestingIsCorrupt() {
        assertThatThrownBy(() -> read("{\"config\":{\"Healthcheck\":" + "{\"a\":".repeat(100_000)))
                .isInstanceOf(CorruptContentException.class);
    }
}
