package dev.wherry.cli.command.builder.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildOutput;
import dev.wherry.v1.BuildOutput.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputSpecTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "out               | TYPE_LOCAL  | out",
                "dest=x            | TYPE_LOCAL  | dest=x",
                "-                 | TYPE_TAR    | -",
                "type=local,dest=d | TYPE_LOCAL  | d",
                "type=tar,dest=-   | TYPE_TAR    | -",
                "type=tar          | TYPE_TAR    | ''",
                "type=oci,dest=f   | TYPE_OCI    | f",
                "dest=f,type=oci   | TYPE_OCI    | f",
                "TYPE=oci,Dest=f   | TYPE_OCI    | f",
                "type=docker,dest=f| TYPE_DOCKER | f",
                "type=docker       | TYPE_IMAGE  | ''",
                "type=image,name=a | TYPE_IMAGE  | ''",
                "type=cacheonly    | TYPE_CACHE_ONLY | ''"
            })
    void typeAndDestinationAreAsInDocker(String text, Type type, String destination) {
        OutputSpec spec = OutputSpec.parse(text);

        assertThat(spec.output().getType()).isEqualTo(type);
        assertThat(spec.destination()).isEqualTo(destination);
    }

    @Test
    void optionsOfAnArchive() {
        BuildOutput output = OutputSpec.parse("type=oci,dest=f,compression=zstd,compression-level=19,"
                        + "force-compression=true,oci-mediatypes=0,tar=true,\"name=a:1,b\",rewrite-timestamp=T")
                .output();

        assertThat(output.getCompression()).isEqualTo(BuildOutput.Compression.COMPRESSION_ZSTD);
        assertThat(output.getCompressionLevel()).isEqualTo(19);
        assertThat(output.getForceCompression()).isTrue();
        assertThat(output.getOciMediaTypes()).isFalse();
        assertThat(output.getFolder()).isFalse();
        assertThat(output.getNamesList()).containsExactly("a:1", "b");
        assertThat(output.getRewriteTimestamp()).isTrue();
    }

    @Test
    void whatIsLeftOutIsUsual() {
        BuildOutput output = OutputSpec.parse("type=oci,dest=f").output();

        assertThat(output)
                .isEqualTo(BuildOutput.newBuilder().setType(Type.TYPE_OCI).build());
    }

    @Test
    void fieldsAreQuotedAsInCsv() {
        assertThat(OutputSpec.parse("type=tar,\"dest=a,b \"\"c\"\"\"").destination())
                .isEqualTo("a,b \"c\"");
    }

    @Test
    void annotationsAreOfTheManifest() {
        assertThat(OutputSpec.parse("type=image,annotation.org.x=1,annotation-manifest[linux/amd64].Y.z=2")
                        .annotations())
                .containsOnly(java.util.Map.entry("org.x", "1"), java.util.Map.entry("Y.z", "2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type=registry,name=x          | pushing is not supported yet",
                "type=image,push=true          | pushing is not supported yet",
                "type=foo                      | there is no type \"foo\"",
                "dest=a,name=b                 | type is missing",
                "type=local                    | give the folder",
                "type=oci,tar=false            | give the folder",
                "type=local,dest=-             | give the folder",
                "type=image,dest=f             | has no dest",
                "type=tar,x                    | \"x\" is not KEY=VALUE",
                "type=tar,compression=gzip     | there is no option \"compression\"",
                "type=oci,compresion=gzip      | there is no option \"compresion\"",
                "type=oci,compression=xz       | uncompressed, gzip or zstd",
                "type=oci,compression-level=-1 | a number from 0 to 22",
                "type=oci,tar=maybe            | tar is true or false",
                "type=oci,annotation-index.a=b | on its manifest only",
                "type=oci,annotations=b        | is not annotation.KEY",
                "type=tar,\"dest=a             | not closed",
                "type=tar,\"dest=a\"b          | comes a comma",
                "type=tar,dest=a\"b            | must begin with one"
            })
    void whatCannotBeDoneIsSaid(String text, String reason) {
        assertThatThrownBy(() -> OutputSpec.parse(text))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(reason);
    }
}
