import type { PmoType } from './schema.ts';

/**
 * What a result says, in the words of content/articles/pmo-types/index.mdx. `reading` are slugs of articles, the most useful
 * first; one that is not visible is left out by the page.
 */
export type QuizResult = {
  summary: string;
  about: string;
  strengths: readonly string[];
  cautions: readonly string[];
  reading: readonly string[];
};

export const QUIZ_RESULTS: Record<PmoType, QuizResult> = {
  support: {
    summary: 'PMの隣で手を動かす',
    about:
      '各チームの進捗を集め、会議の資料を整え、決まったことを課題の一覧に残す役割です。決める権限はほとんどありませんが、PMの判断を間近で見られます。',
    strengths: [
      '散らばった話を、読みやすい形にそろえられる',
      '困っている人に早く気づき、手を貸せる',
      '現場の近くで、仕事の流れを覚えられる',
    ],
    cautions: [
      '頼まれごとに際限がなくなりやすいので、引き受けることと相談してから受けることを、はじめにPMと書き出しておく',
      '同じ役割が長く続くときは、小さな会議を仕切るなど、自分で判断する場面を少しずつ増やす',
    ],
    reading: ['pmo-one-day', 'weekly-report', 'pmo-skills', 'pmo-types'],
  },
  control: {
    summary: '標準を作り、必要なら踏み込む',
    about:
      '複数のプロジェクトに同じ報告の様式を配り、集まった結果を比べ、基準から外れたものに理由を尋ねる役割です。進め方に口を出すところが、支援型との違いです。',
    strengths: [
      '物事を同じ物差しで比べ、早く異変に気づける',
      '曖昧なやり方を、守れる決まりに直せる',
      '言いにくい場面でも、理由を添えて踏み込める',
    ],
    cautions: [
      '理由を説明せずに提出だけを求めると、形だけ整った報告が集まる。比べた結果を、報告した人にも返す',
      '基準は増えがちなので、1つ増やすときに1つ減らせないかを考える',
    ],
    reading: ['weekly-report', 'risk-issue-log', 'pmo-career-path', 'pmo-types'],
  },
  strategy: {
    summary: '経営の判断を形にする',
    about:
      '経営層が決めた方針を、どのプロジェクトにどれだけの予算と人を割り当てるかという案に落とす役割です。PMの候補を挙げることもあります。',
    strengths: [
      '目の前の1件より、全体の順番と配分から考えられる',
      '正解のない問いにも、根拠を集めて案を出せる',
      '経営層と現場の両方に、筋の通る言い方を探せる',
    ],
    cautions: [
      'どこかの部門に不利な案を出すこともある。数字の根拠と、関係者への事前の説明を欠かさない',
      '事業の収支が読めないまま入ると苦しい。足りない知識を、入る前に確かめておく',
    ],
    reading: ['between-management-and-teams', 'pmo-career-path', 'pm-pdm-pmo', 'pmo-types'],
  },
  corporate: {
    summary: '会社の土台を整える',
    about:
      '会社全体で使う規則や様式、教育、人材の情報を整え、ほかの型のPMOが困ったときの相談先になる役割です。個々のプロジェクトには深く入りません。',
    strengths: [
      '一度きりの工夫を、誰でも使える仕組みに変えられる',
      '人を育て、相談に乗ることを続けられる',
      '成果が見えるまで、時間をかけて手を入れられる',
    ],
    cautions: [
      '机の上で作った規則は使われない。ときどき現場の会議に同席し、規則がどこで邪魔になっているかを見る',
      '社内の事情に通じた人が就きやすい。外から入るなら、立ち上げの時期など、任される範囲を先に確かめる',
    ],
    reading: ['pmo-skills', 'pm-pdm-pmo', 'between-management-and-teams', 'pmo-types'],
  },
  assessment: {
    summary: '離れた場所から診断する',
    about:
      '進めている人たちから独立した立場で、計画の無理や、報告と実態のずれを調べ、報告書にまとめる役割です。手伝わないことが、この型の値打ちです。',
    strengths: [
      '事実と見立てを分けて考えられる',
      '記録と聞き取りから、ずれを見つけられる',
      '厳しい内容を、穏やかに、曖昧にせず伝えられる',
    ],
    cautions: [
      '名指しの批判に見えると、現場は口を閉ざす。丸めすぎると、経営層の判断を誤らせる',
      '失敗の形をいくつも知っていることが力になる。経験が浅いうちは、ほかの型で現場を見ておく',
    ],
    reading: ['risk-issue-log', 'pmo-interview', 'pmo-career-path', 'pmo-types'],
  },
};
