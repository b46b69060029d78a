/**
 * What the quiz asks and what an answer counts for. Pure data: the page draws from it, lib/quiz/score.ts counts with
 * it, and both show what stands here. The words for the five kinds are those of content/articles/pmo-types/index.mdx.
 */

/** The five kinds of PMO in the order of the article; the key is part of an address: `/quiz/support`. */
export const PMO_TYPES = ['support', 'control', 'strategy', 'corporate', 'assessment'] as const;
export type PmoType = (typeof PMO_TYPES)[number];

export const TYPE_NAMES: Record<PmoType, string> = {
  support: '支援型',
  control: '管理型',
  strategy: '戦略型',
  corporate: 'コーポレート',
  assessment: '第三者評価',
};

/**
 * One answer: `near` gets two points and `why` is the reason shown for it, `beside` gets one and `also` is its reason.
 * A type is `near` five times and `beside` five times over the whole quiz, never both in one answer.
 */
export type QuizOption = { text: string; near: PmoType; why: string; beside: PmoType; also: string };
export type QuizQuestion = { name: string; label: string; options: readonly QuizOption[] };

/** Six questions; `name` is the field on the wire, its value the place of the option, from 1. */
export const QUIZ_QUESTIONS: readonly QuizQuestion[] = [
  {
    name: 'q1',
    label: 'どこに身を置くと力が出ますか',
    options: [
      {
        text: 'PMの隣。決める人のすぐそば',
        near: 'support',
        why: '支援型は、PMの判断を間近で見ながら手を動かします。',
        beside: 'strategy',
        also: '戦略型も、決める人の近くで考えます。',
      },
      {
        text: '複数のプロジェクトを見渡せる場所',
        near: 'control',
        why: '管理型は、複数のプロジェクトを同じ基準で比べます。',
        beside: 'corporate',
        also: 'コーポレートも、会社全体を見渡します。',
      },
      {
        text: '経営層の会議に近い場所',
        near: 'strategy',
        why: '戦略型のおもな相手は経営層です。',
        beside: 'assessment',
        also: '第三者評価も、報告の相手は経営層や発注者です。',
      },
      {
        text: '進めている人たちから一歩離れた場所',
        near: 'assessment',
        why: '第三者評価は、独立した立場だから言えることを言います。',
        beside: 'corporate',
        also: 'コーポレートも、個々のプロジェクトには深く入りません。',
      },
    ],
  },
  {
    name: 'q2',
    label: '仕事を前に進めるために、まず何をしますか',
    options: [
      {
        text: '決める人が迷わないように材料をそろえる',
        near: 'support',
        why: '材料を早く、読みやすくそろえることが、支援型の中心です。',
        beside: 'assessment',
        also: '第三者評価も、事実をそろえて判断を人に渡します。',
      },
      {
        text: '進め方と報告の基準を決める',
        near: 'control',
        why: '標準を作って守ってもらうのが、管理型です。',
        beside: 'corporate',
        also: 'コーポレートは、その基準を会社の規則にします。',
      },
      {
        text: '予算と人の割り当てを見直す',
        near: 'strategy',
        why: '戦略型は、予算と人の配分の案を作ります。',
        beside: 'control',
        also: '管理型も、基準から外れたところに踏み込みます。',
      },
      {
        text: '誰でも使えるひな形や研修を用意する',
        near: 'corporate',
        why: '会社全体で使う様式や教育を整えるのが、コーポレートです。',
        beside: 'support',
        also: '支援型も、使いやすい資料で人を助けます。',
      },
    ],
  },
  {
    name: 'q3',
    label: 'いちばん見過ごせないのはどれですか',
    options: [
      {
        text: '困っている人がいるのに手が足りない',
        near: 'support',
        why: '足りない手を埋め、PMとチームを楽にするのが支援型です。',
        beside: 'corporate',
        also: 'コーポレートは、困ったPMやPMOの相談先になります。',
      },
      {
        text: '報告の形がばらばらで比べられない',
        near: 'control',
        why: '同じ様式を配り、集まった結果を比べるのが管理型です。',
        beside: 'assessment',
        also: '第三者評価も、比べられる証拠を大切にします。',
      },
      {
        text: '同じ失敗を別の部署が繰り返している',
        near: 'corporate',
        why: '部署を越えて学びを残すのは、コーポレートの役割です。',
        beside: 'control',
        also: '管理型も、標準によって繰り返しを防ぎます。',
      },
      {
        text: '報告と実態がずれている',
        near: 'assessment',
        why: '報告と実態のずれを調べるのが、第三者評価です。',
        beside: 'control',
        also: '管理型も、審査でずれを見つけます。',
      },
    ],
  },
  {
    name: 'q4',
    label: '長く続けても苦にならないのはどれですか',
    options: [
      {
        text: '会議の準備や課題の整理',
        near: 'support',
        why: '会議の資料と課題の一覧は、支援型の毎週の仕事です。',
        beside: 'control',
        also: '管理型でも、集めた報告を整理します。',
      },
      {
        text: '1枚の資料を何度も練り直すこと',
        near: 'strategy',
        why: '戦略型は、1枚の資料に長い時間をかけます。',
        beside: 'support',
        also: '支援型も、読みやすい資料で判断を支えます。',
      },
      {
        text: '人の相談に乗り、育てること',
        near: 'corporate',
        why: '研修や相談で人を育てるのは、コーポレートの仕事です。',
        beside: 'support',
        also: '支援型も、人を助けることが仕事です。',
      },
      {
        text: '記録を読み、話を聞いて事実を確かめること',
        near: 'assessment',
        why: '第三者評価は、資料と聞き取りから事実を確かめます。',
        beside: 'strategy',
        also: '戦略型も、数字の根拠を固めてから案を出します。',
      },
    ],
  },
  {
    name: 'q5',
    label: '引き受けてもよい苦労はどれですか',
    options: [
      {
        text: '煙たがられても、守ってもらえるまで説明する',
        near: 'control',
        why: '基準の理由を説明し続けることが、管理型の苦労であり腕です。',
        beside: 'assessment',
        also: '第三者評価も、歓迎されない指摘をすることがあります。',
      },
      {
        text: '正解のない問いに、期限までに案を出す',
        near: 'strategy',
        why: '正解のない問いに期限つきで答えるのが、戦略型です。',
        beside: 'assessment',
        also: '第三者評価も、限られた期間で見立てをまとめます。',
      },
      {
        text: '成果が見えるまで、何年も手を入れ続ける',
        near: 'corporate',
        why: '規則や教育は時間をかけて根づきます。コーポレートの仕事です。',
        beside: 'strategy',
        also: '戦略型も、先を見て手を打ちます。',
      },
      {
        text: '厳しい結論を、穏やかに、曖昧にせず伝える',
        near: 'assessment',
        why: '厳しい内容を曖昧にせず伝えることは、第三者評価に欠かせません。',
        beside: 'strategy',
        also: '戦略型も、どこかの部門に不利な案を出すことがあります。',
      },
    ],
  },
  {
    name: 'q6',
    label: 'これから得たいものはどれですか',
    options: [
      {
        text: '現場の動きを知ることと、はじめの実績',
        near: 'support',
        why: '支援型は、現場の近くで実績を作りやすい型です。',
        beside: 'control',
        also: '管理型でも、多くの現場の進め方を見られます。',
      },
      {
        text: '自分の判断で進め方をよくする経験',
        near: 'control',
        why: '管理型には、進め方と基準を決める権限があります。',
        beside: 'support',
        also: '支援型からも、小さな改善は始められます。',
      },
      {
        text: '事業や経営に近い場所で考える経験',
        near: 'strategy',
        why: '戦略型は、投資の判断に関わります。',
        beside: 'corporate',
        also: 'コーポレートも、会社全体の立場で考えます。',
      },
      {
        text: '人を育て、長く残る仕組みを作った経験',
        near: 'corporate',
        why: 'コーポレートには、規程や研修、人材の台帳が残ります。',
        beside: 'support',
        also: '支援型も、人を支えた記録が残ります。',
      },
      {
        text: '独立した意見を述べられる専門性',
        near: 'assessment',
        why: '第三者評価は、独立した診断を報告書に残します。',
        beside: 'strategy',
        also: '戦略型も、自分の見立てを案にします。',
      },
    ],
  },
];
