package dev.wherry.daemon.api.docker.buildkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.wherry.buildkit.ops.Definition;
import dev.wherry.buildkit.ops.Input;
import dev.wherry.buildkit.ops.Op;
import dev.wherry.buildkit.ops.SourceOp;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GraphSourceTest {

    private static final Op END =
            Op.newBuilder().addInputs(Input.newBuilder().setDigest("sha256:1")).build();

    private static Optional<GraphSource> of(Op... ops) {
        Definition.Builder definition = Definition.newBuilder();
        for (Op op : ops) {
            definition.addDef(op.toByteString());
        }
        return GraphSource.of(definition.build());
    }

    private static Op source(String identifier, String... attributes) {
        SourceOp.Builder source = SourceOp.newBuilder().setIdentifier(identifier);
        for (int i = 0; i < attributes.length; i += 2) {
            source.putAttrs(attributes[i], attributes[i + 1]);
        }
        return Op.newBuilder().setSource(source).build();
    }

    @Test
    void repositoryHasItsWholeAddressInAnAttribute() {
        assertThat(of(source("git://host/a/b.git#main:dir", "git.fullurl", "https://host/a/b.git"), END))
                .contains(new GraphSource("https://host/a/b.git#main:dir", Optional.empty(), false));
        assertThat(of(source("git://host/a/b.git"), END))
                .contains(new GraphSource("git://host/a/b.git", Optional.empty(), false));
    }

    @Test
    void repositoryThatMustBeOneCommitIsThat() {
        assertThat(of(source("git://h/b.git#main:d", "git.fullurl", "https://h/b.git", "git.checksum", "abcdef0"), END))
                .contains(
                        new GraphSource("https://h/b.git?checksum=abcdef0&ref=main&subdir=d", Optional.empty(), false));
    }

    @Test
    void archiveMayBeUnpacked() {
        Op unpacking = unpacking("/", 1L);
        assertThat(of(source("https://host/a.tar", "http.filename", "context"), unpacking, END))
                .contains(new GraphSource("https://host/a.tar", Optional.of("context"), true));
        assertThat(of(source("https://host/a.tar"), unpacking("/", 0L), END)).isEmpty();
        assertThat(of(source("https://host/a.tar"), unpacking("/etc", 1L), END)).isEmpty();
        assertThat(of(source("git://host/a.git"), unpacking, END)).isEmpty();
        assertThat(of(source("https://host/a.tar"), taking("/dir"), END)).isEmpty();
        assertThat(of(source("https://host/a.tar"), unpacking, unpacking)).isEmpty();
    }

    @Test
    void directoryOfARepositoryMayBeTaken() {
        assertThat(of(source("git://h/a.git"), taking("/ctx"), END))
                .contains(new GraphSource("git://h/a.git#:ctx", Optional.empty(), false));
        assertThat(of(source("git://h/a.git#main"), taking("ctx"), END))
                .contains(new GraphSource("git://h/a.git#main:ctx", Optional.empty(), false));
        assertThat(of(source("git://h/a.git#main:d"), taking("/ctx"), END))
                .contains(new GraphSource("git://h/a.git#main:d/ctx", Optional.empty(), false));
        assertThat(of(source("git://h/a.git"), taking("/"), END)).isEmpty();
    }

    private static Op taking(String directory) {
        UnknownFieldSet copy = UnknownFieldSet.newBuilder()
                .addField(
                        1,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(directory))
                                .build())
                .addField(6, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .mergeFrom(copy("/", 0))
                .build();
        return Op.newBuilder()
                .setUnknownFields(within(4, within(2, within(4, copy))))
                .build();
    }

    private static UnknownFieldSet copy(String to, long unpacks) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(to))
                                .build())
                .addField(
                        7, UnknownFieldSet.Field.newBuilder().addVarint(unpacks).build())
                .build();
    }

    private static Op unpacking(String to, long unpacks) {
        return Op.newBuilder()
                .setUnknownFields(within(4, within(2, within(4, copy(to, unpacks)))))
                .build();
    }

    private static UnknownFieldSet within(int field, UnknownFieldSet part) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(part.toByteString())
                                .build())
                .build();
    }

    @Test
    void downloadHasAName() {
        assertThat(of(source("https://host/a/bake.hcl?x", "http.filename", "context"), END))
                .contains(new GraphSource("https://host/a/bake.hcl?x", Optional.of("context"), false));
        assertThat(of(source("https://host/a/bake.hcl?x"), END))
                .contains(new GraphSource("https://host/a/bake.hcl?x", Optional.of("bake.hcl"), false));
    }

    @Test
    void whatDoesMoreThanFetchIsNone() {
        Op other = Op.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                4,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.EMPTY)
                                        .build())
                        .build())
                .build();
        assertThat(of(source("https://host/a"), other)).isEmpty();
        assertThat(of(source("https://host/a"), source("https://host/b"))).isEmpty();
        assertThat(of(source("https://host/a"), END, END, END)).isEmpty();
        assertThat(of(source("docker-image://busybox"), END)).isEmpty();
        assertThat(of(source("git://host/a", "git.fullurl", "/etc"), END)).isEmpty();
        assertThat(of(END)).isEmpty();
    }
}
