package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a build says of its image, in BuildKit's form. */
class AttestationIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void begin() throws Exception {
        Busybox.importInto(daemon);
    }

    private static Project project() throws Exception {
        return Project.of(daemon, """
                FROM busybox
                ARG SAID=nothing
                RUN --network=none --mount=type=secret,id=token echo $SAID > /said
                COPY Dockerfile /
                """);
    }

    private static JsonNode blob(Project project, JsonNode descriptor) throws Exception {
        String digest = descriptor.get("digest").asText().replace(':', '/');
        return JSON.readTree(project.path("layout/blobs/" + digest).toFile());
    }

    /** The predicate of the only attestation of the only image in the layout. */
    private static JsonNode provenance(Project project) throws Exception {
        JsonNode top = JSON.readTree(Files.readString(project.path("layout/index.json")));
        JsonNode index = blob(project, top.get("manifests").get(0));
        JsonNode image = index.get("manifests").get(0);
        JsonNode attestation = index.get("manifests").get(1);
        assertThat(attestation.get("platform").toString())
                .isEqualTo("{\"os\":\"unknown\",\"architecture\":\"unknown\"}");
        assertThat(attestation
                        .get("annotations")
                        .get("vnd.docker.reference.type")
                        .asText())
                .isEqualTo("attestation-manifest");
        assertThat(attestation.get("annotations").get("vnd.docker.reference.digest"))
                .isEqualTo(image.get("digest"));
        JsonNode layer = blob(project, attestation).get("layers").get(0);
        assertThat(layer.get("mediaType").asText()).isEqualTo("application/vnd.in-toto+json");
        assertThat(layer.get("annotations").get("in-toto.io/predicate-type").asText())
                .isEqualTo("https://slsa.dev/provenance/v1");
        JsonNode statement = blob(project, layer);
        assertThat(statement.get("_type").asText()).isEqualTo("https://in-toto.io/Statement/v0.1");
        assertThat("sha256:" + statement.at("/subject/0/digest/sha256").asText())
                .isEqualTo(image.get("digest").asText());
        assertThat(statement.at("/subject/0/name").asText()).startsWith("pkg:docker/app@1?platform=linux%2F");
        return statement.get("predicate");
    }

    @Test
    void provenanceOfTheMinimalModeKeepsArgumentsBack() throws Exception {
        Project project = project();
        project.build("--provenance", "--build-arg", "SAID=secret", "-o", "type=oci,dest=layout,tar=false,name=app:1")
                .ok();
        JsonNode predicate = provenance(project);
        assertThat(predicate.toString()).doesNotContain("SAID");
        assertThat(predicate
                        .at("/buildDefinition/externalParameters/configSource/path")
                        .asText())
                .endsWith("Dockerfile");
        assertThat(predicate.at("/buildDefinition/resolvedDependencies/0/uri").asText())
                .startsWith("pkg:docker/busybox");
        assertThat(predicate.at("/runDetails/metadata/buildkit_hermetic").asBoolean())
                .isTrue();
        assertThat(predicate.at("/runDetails/metadata/startedOn").asText()).startsWith("20");
    }

    @Test
    void provenanceOfTheMaximalModeHasStepsArgumentsAndTheDockerfile() throws Exception {
        Project project = project();
        project.build(
                        "--attest",
                        "type=provenance,mode=max",
                        "--build-arg",
                        "SAID=it",
                        "-o",
                        "type=oci,dest=layout,tar=false,name=app:1")
                .ok();
        JsonNode predicate = provenance(project);
        JsonNode request = predicate.at("/buildDefinition/externalParameters/request");
        assertThat(request.at("/args/build-arg:SAID").asText()).isEqualTo("it");
        assertThat(request.get("secrets").toString()).isEqualTo("[{\"id\":\"token\",\"optional\":true}]");
        JsonNode steps = predicate.at("/buildDefinition/internalParameters/buildConfig/llbDefinition");
        assertThat(steps).hasSize(3);
        assertThat(steps.get(1).at("/op/Op/exec/meta/args/2").asText()).contains("echo $SAID");
        assertThat(predicate
                        .at("/runDetails/metadata/buildkit_metadata/source/infos/0/data")
                        .asText())
                .isNotEmpty();
    }

    @Test
    void attestationsAreListedWithTheImageAndGoWithIt() throws Exception {
        Project project = project();
        project.build("--provenance=mode=max", "-t", "attested").ok();
        assertThat(project.inspect("attested", "{{range .Manifests}}{{.Kind}} {{.Available}},{{end}}"))
                .isEqualTo("image true,attestation true,");
        daemon.wherry("rmi", "attested").ok();
        assertThat(Holdings.wrong(daemon)).isEmpty();
    }

    @Test
    void reproducibleBuildSaysTheSameTwice() throws Exception {
        Project project = project();
        String digest = digest(project);
        daemon.wherry("builder", "prune", "-af").ok();
        assertThat(digest(project)).isEqualTo(digest);
    }

    private static String digest(Project project) throws Exception {
        project.build("--reproducible", "--provenance=mode=max", "-t", "same", "--metadata-file", "meta")
                .ok();
        return JSON.readTree(Files.readString(project.path("meta")))
                .get("containerimage.digest")
                .asText();
    }

    @Test
    void unknownAttestationsAreRefused() throws Exception {
        Project project = project();
        assertThat(project.build("--attest", "type=x").refuses(1)).contains("unknown attestation type \"x\"");
        assertThat(project.build("--attest", "mode=max").refuses(1)).contains("give a type");
        assertThat(project.build("--provenance=mode=big").refuses(1)).contains("there are min and max");
        assertThat(project.build("--sbom=generator=scanner").refuses(1)).contains("syft");
    }
}
