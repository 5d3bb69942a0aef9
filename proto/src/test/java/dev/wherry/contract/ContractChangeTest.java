package dev.wherry.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.TextFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which changes of descriptors break a client, and which do not. */
class ContractChangeTest {

    private static final String BEFORE = """
            file {
              package: "test"
              message_type {
                name: "Box"
                field { name: "size" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 json_name: "size" }
                field { name: "kind" number: 2 label: LABEL_OPTIONAL type: TYPE_ENUM type_name: ".test.Box.Kind" json_name: "kind" }
                field { name: "text" number: 3 label: LABEL_OPTIONAL type: TYPE_STRING oneof_index: 0 json_name: "text" }
                field { name: "data" number: 4 label: LABEL_OPTIONAL type: TYPE_BYTES oneof_index: 0 json_name: "data" }
                field { name: "depth" number: 5 label: LABEL_OPTIONAL type: TYPE_INT32 oneof_index: 1 json_name: "depth" proto3_optional: true }
                oneof_decl { name: "content" }
                oneof_decl { name: "_depth" }
                enum_type {
                  name: "Kind"
                  value { name: "KIND_UNSPECIFIED" number: 0 }
                  value { name: "KIND_WOOD" number: 1 }
                  value { name: "KIND_STEEL" number: 2 }
                  reserved_range { start: 7 end: 7 }
                }
                reserved_range { start: 8 end: 9 }
              }
              message_type { name: "Other" }
              service {
                name: "BoxService"
                method { name: "Open" input_type: ".test.Box" output_type: ".test.Box" }
                method { name: "Watch" input_type: ".test.Box" output_type: ".test.Box" server_streaming: true }
              }
            }
            """;

    private static final String SIZE = line("name: \"size\"");
    private static final String STEEL = line("KIND_STEEL");

    private static String line(String part) {
        return BEFORE.lines().filter(line -> line.contains(part)).findFirst().orElseThrow();
    }

    private static List<String> breaks(String from, String to) throws TextFormat.ParseException {
        assertThat(BEFORE).contains(from);
        return contract(BEFORE).brokenBy(contract(BEFORE.replace(from, to)));
    }

    private static Contract contract(String text) throws TextFormat.ParseException {
        FileDescriptorSet.Builder files = FileDescriptorSet.newBuilder();
        TextFormat.merge(text, files);
        return Contract.of(files.build());
    }

    @Test
    void additionsBreakNothing() throws Exception {
        assertThat(breaks(SIZE, SIZE + SIZE.replace("size", "width").replace("number: 1", "number: 6")))
                .isEmpty();
        assertThat(breaks(STEEL, STEEL + STEEL.replace("STEEL", "GLASS").replace("number: 2", "number: 3")))
                .isEmpty();
        assertThat(breaks("method { name: \"Open\"", "method { name: \"Close\" } method { name: \"Open\""))
                .isEmpty();
        assertThat(breaks(
                        "message_type { name: \"Other\" }",
                        "message_type { name: \"Other\" } message_type { name: \"New\" }"))
                .isEmpty();
    }

    @Test
    void anotherOrderBreaksNothing() throws Exception {
        String kind = line("name: \"kind\"");
        assertThat(breaks(SIZE + "\n" + kind, kind + "\n" + SIZE)).isEmpty();
    }

    @Test
    void removedFieldNeedsItsNumberAndItsNameReserved() throws Exception {
        String removed = ".test.Box.size was removed: reserve its name and its number 1";

        assertThat(breaks(SIZE, "")).containsExactly(removed);
        assertThat(breaks(SIZE, "reserved_range { start: 1 end: 2 }")).containsExactly(removed);
        assertThat(breaks(SIZE, "reserved_name: \"size\"")).containsExactly(removed);
        assertThat(breaks(SIZE, "reserved_range { start: 1 end: 2 } reserved_name: \"size\""))
                .isEmpty();
    }

    @Test
    void fieldKeepsItsNumber() throws Exception {
        assertThat(breaks(SIZE, SIZE.replace("number: 1", "number: 6")))
                .containsExactly(".test.Box.size was removed: reserve its name and its number 1");
    }

    @Test
    void reservedNumbersAreNotUsedAgain() throws Exception {
        assertThat(breaks(
                        "reserved_range { start: 8 end: 9 }",
                        SIZE.replace("size", "width").replace("1", "8")))
                .containsExactly(".test.Box.width has the reserved number 8");
        assertThat(breaks(
                        "reserved_range { start: 7 end: 7 }",
                        STEEL.replace("STEEL", "GLASS").replace("2", "7")))
                .containsExactly(".test.Box.Kind.KIND_GLASS has the reserved number 7");
    }

    @Test
    void fieldKeepsItsNameForJson() throws Exception {
        assertThat(breaks("name: \"size\"", "name: \"width\""))
                .containsExactly(".test.Box.size has the name width now");
        assertThat(breaks("json_name: \"size\"", "json_name: \"Size\""))
                .containsExactly(".test.Box.size has the name size now");
    }

    @Test
    void fieldKeepsItsType() throws Exception {
        assertThat(breaks(SIZE, SIZE.replace("INT32", "INT64")))
                .containsExactly(".test.Box.size has the type int64 instead of int32");
        assertThat(breaks("type_name: \".test.Box.Kind\"", "type_name: \".test.Kind\""))
                .containsExactly(".test.Box.kind has the type .test.Kind instead of .test.Box.Kind");
    }

    @Test
    void fieldKeepsItsLabel() throws Exception {
        assertThat(breaks(SIZE, SIZE.replace("LABEL_OPTIONAL", "LABEL_REPEATED")))
                .containsExactly(".test.Box.size changed between one value and many");
    }

    @Test
    void fieldKeepsItsPresence() throws Exception {
        assertThat(breaks(" oneof_index: 1 json_name: \"depth\" proto3_optional: true", " json_name: \"depth\""))
                .containsExactly(".test.Box.depth changed whether its absence can be told from its default");
    }

    @Test
    void fieldStaysInItsOneof() throws Exception {
        String text = line("name: \"text\"");

        assertThat(breaks(text, text.replace("oneof_index: 0", "")))
                .containsExactly(".test.Box.text moved into a oneof or out of one");
        assertThat(breaks(SIZE, SIZE.replace("json_name", "oneof_index: 0 json_name")))
                .containsExactly(".test.Box.size moved into a oneof or out of one");
    }

    @Test
    void enumValueKeepsItsNumberAndName() throws Exception {
        String removed = ".test.Box.Kind.KIND_STEEL was removed: reserve its name and its number 2";

        assertThat(breaks(STEEL, "")).containsExactly(removed);
        assertThat(breaks(STEEL, STEEL.replace("number: 2", "number: 3"))).containsExactly(removed);
        assertThat(breaks(STEEL, "reserved_range { start: 2 end: 2 } reserved_name: \"KIND_STEEL\""))
                .isEmpty();
        assertThat(breaks("KIND_STEEL", "KIND_IRON"))
                .containsExactly(".test.Box.Kind.KIND_STEEL has the name KIND_IRON now");
    }

    @Test
    void messagesEnumsAndCallsStay() throws Exception {
        assertThat(breaks("message_type { name: \"Other\" }", "")).containsExactly(".test.Other was removed");
        assertThat(breaks("name: \"Kind\"", "name: \"Material\"")).containsExactly(".test.Box.Kind was removed");
        assertThat(breaks("name: \"Watch\"", "name: \"Look\"")).containsExactly(".test.BoxService.Watch was removed");
        assertThat(breaks("name: \"BoxService\"", "name: \"Boxes\""))
                .containsExactly(".test.BoxService.Open was removed", ".test.BoxService.Watch was removed");
        assertThat(breaks("package: \"test\"", "package: \"test2\"")).contains(".test.Box was removed");
    }

    @Test
    void callKeepsItsMessages() throws Exception {
        String open = line("name: \"Open\"");

        assertThat(breaks(open, open.replace("input_type: \".test.Box\"", "input_type: \".test.Other\"")))
                .containsExactly(".test.BoxService.Open takes .test.Other instead of .test.Box");
        assertThat(breaks(open, open.replace("output_type: \".test.Box\"", "output_type: \".test.Other\"")))
                .containsExactly(".test.BoxService.Open returns .test.Other instead of .test.Box");
    }

    @Test
    void callKeepsItsStreams() throws Exception {
        String open = line("name: \"Open\"");

        assertThat(breaks(" server_streaming: true", ""))
                .containsExactly(".test.BoxService.Watch changed between one response and a stream of responses");
        assertThat(breaks(open, open.replace(" }", " client_streaming: true }")))
                .containsExactly(".test.BoxService.Open changed between one request and a stream of requests");
    }
}
