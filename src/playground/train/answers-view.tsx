// What the network answers to each row, where the rows are few enough to read.

import { classOf, describeAnswers, probabilitiesOf } from "./answers.ts";
import type { DataSet } from "./data-sets.ts";
import { Figure } from "./figure.tsx";
import type { NetworkFacts, NetworkPicture } from "./messages.ts";
import { namesOf } from "./names.ts";
import type { TrainingPage } from "./page.ts";

const MOST_ROWS = 8;

export function AnswersView({ page }: { readonly page: TrainingPage }) {
  const data = page.data.value;
  const networks = page.networks.value;
  const picture = page.picture.value;
  if (data === undefined || picture === undefined || data.rows > MOST_ROWS || picture.networks.length !== networks.length)
    return null;
  const names = namesOf(page.state.value, networks);
  const text = networks.map((network, at) => (
    <p key={at}>
      {networks.length > 1 && `${names[at]}: `}
      {describeAnswers(network, data, picture.networks[at]!.answers)}
    </p>
  ));
  return (
    <Figure id="train-answers" title="Predictions" text={text}>
      {networks.map((network, at) => (
        <AnswerTable
          key={at}
          network={network}
          data={data}
          picture={picture.networks[at]!}
          caption={networks.length > 1 ? names[at] : undefined}
        />
      ))}
    </Figure>
  );
}

interface AnswerTableProps {
  readonly network: NetworkFacts;
  readonly data: DataSet;
  readonly picture: NetworkPicture;
  readonly caption: string | undefined;
}

function AnswerTable({ network, data, picture: { answers }, caption }: AnswerTableProps) {
  const { features, X, classes } = data;
  return (
    <table class="train-answers">
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          {Array.from({ length: features }, (_, feature) => (
            <th scope="col" key={feature}>
              {features === 1 ? "input" : `input ${feature + 1}`}
            </th>
          ))}
          <th scope="col">should be</th>
          <th scope="col">network says</th>
          {classes !== undefined && <th scope="col">right?</th>}
        </tr>
      </thead>
      <tbody>
        {Array.from(data.answers, (answer, row) => (
          <tr key={row}>
            {Array.from({ length: features }, (_, feature) => (
              <td key={feature}>{X[row * features + feature]}</td>
            ))}
            <td>{answer}</td>
            <td class="value" data-answer={row} data-exact={answers[row * network.outputs]}>
              {answerText(network, data, answers, row)}
            </td>
            {classes !== undefined && <td>{classOf(network, answers, row) === answer ? "✓ right" : "✗ wrong"}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The number itself; of several outputs the most probable class. */
function answerText(network: NetworkFacts, { classes }: DataSet, answers: Float64Array, row: number): string {
  const value = answers[row * network.outputs]!;
  if (classes === undefined || network.answer === "number" || network.answer === "probability") return value.toFixed(3);
  const kind = classOf(network, answers, row);
  return `${kind} (${probabilitiesOf(network, answers, row)[kind]!.toFixed(3)})`;
}
