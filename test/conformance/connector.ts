/** A connector whose tools, resources and prompts are called as the suite calls them: a declaration, as any vendor writes one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalog } from '../../src/connector/catalog.ts'
import { compile } from '../../src/connector/compile.ts'
import { defineConnector, type ToolDeclaration } from '../../src/connector/declaration.ts'

const tool = (operation: string, title: string, more: Partial<ToolDeclaration> = {}): ToolDeclaration => ({
  operation,
  title,
  ...more,
})

export const fixture = defineConnector({
  name: 'test',
  title: 'Conformance fixture',
  description: 'One tool for each kind of answer that the conformance suite looks for.',
  access: { type: 'none' },
  toolNames: 'underscore',
  namespaces: {
    test: {
      title: 'Answers',
      description: 'Text, pictures, sounds, files, and a failure.',
      tools: {
        simple_text: tool('getText', 'Simple text'),
        image_content: tool('getImage', 'A picture'),
        audio_content: tool('getAudio', 'A sound'),
        embedded_resource: tool('getFile', 'A file', { resource: { uri: 'test://embedded-resource' } }),
        multiple_content_types: tool('getParts', 'Several at once'),
        error_handling: tool('getFailure', 'A failure'),
        streaming_elicitation: tool('getText', 'Asks nothing of the client'),
        logging_tool: tool('getText', 'Logs nothing to the client'),
        by_region: tool('getRegion', 'By region', { headers: { region: 'Region' } }),
        static_text: tool('getText', 'Static text', { resource: { uri: 'test://static-text' } }),
        static_binary: tool('getImage', 'Static picture', { resource: { uri: 'test://static-binary' } }),
        template: tool('getRecord', 'A record', { resource: { uri: 'test://template/{id}/data' } }),
        document: tool('getDocument', 'A document', { resource: { uri: 'test://document/{uri}' } }),
      },
    },
  },
  prompts: {
    test_simple_prompt: {
      title: 'Simple',
      description: 'A text without arguments.',
      text: 'This is a simple prompt for testing.',
      tools: [],
    },
    test_prompt_with_arguments: {
      title: 'With arguments',
      description: 'A text with two arguments.',
      arguments: {
        arg1: { description: 'First test argument', required: true, values: ['test', 'testing', 'other'] },
        arg2: { description: 'Second test argument', required: true },
      },
      text: "Prompt with arguments: arg1='{arg1}', arg2='{arg2}'",
      tools: [],
    },
    test_prompt_with_embedded_resource: {
      title: 'With a document',
      description: 'A text below a document.',
      arguments: { resourceUri: { description: 'URI of the document', required: true } },
      attach: [{ tool: 'test.document', arguments: { uri: '{resourceUri}' } }],
      text: 'Please process the embedded resource above.',
      tools: [],
    },
    test_prompt_with_image: {
      title: 'With a picture',
      description: 'A text below a picture.',
      attach: [{ tool: 'test.image_content' }],
      text: 'Please analyze the image above.',
      tools: [],
    },
  },
})

export function loadFixture(): Catalog {
  return compile(fixture, JSON.parse(readFileSync(join(import.meta.dirname, 'fixture.json'), 'utf8')))
}
